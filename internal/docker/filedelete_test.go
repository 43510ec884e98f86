package docker

import (
	"archive/tar"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

// Each name is deleted alone, whatever a shell or rm would make of it: of the
// folders one every second name is, of the other the rest.
func TestWhatIsDeletedIsThePathAndNothingElse(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	var folders []any
	kept := [2][]string{}
	for i, name := range oddNames {
		kept[i%2] = append(kept[i%2], name)
		for _, top := range []string{"0", "1"} {
			folders = append(folders, tar.Header{Name: top + "/" + name + "/sub/", Typeflag: tar.TypeDir, Mode: 0o755})
		}
	}
	if _, err := b.upload("/tmp", folders...); err != nil {
		t.Fatal(err)
	}
	for i, name := range oddNames {
		d, err := b.e.DeleteFile(t.Context(), b.name, fmt.Sprintf("/tmp/%d/%s", i%2, name), false)
		if err != nil || d.ExitCode != 0 {
			t.Errorf("%q: %+v, %v", name, d, err)
		}
	}
	for i := range kept {
		left := strings.Split(b.sh(fmt.Sprintf("cd /tmp/%d && find . -mindepth 1 -maxdepth 1 -print0", i)), "\x00./")
		want := slices.Clone(kept[1-i])
		slices.Sort(want)
		left[0], left[len(left)-1] = strings.TrimPrefix(left[0], "./"), strings.TrimSuffix(left[len(left)-1], "\x00")
		if slices.Sort(left); !slices.Equal(left, want) {
			t.Errorf("%q are left, want %q", left, want)
		}
	}
	before := b.sh("find / -xdev | sort | md5sum")
	for _, path := range []string{"/tmp/x /etc", "/tmp/none", "/-rf / --no-preserve-root", "/tmp/$(rm -rf /etc)", "/tmp/*", "/tmp/;rm -rf /etc"} {
		if d, err := b.e.DeleteFile(t.Context(), b.name, path, false); err != nil || d != (Deleted{}) {
			t.Errorf("%q: %+v, %v", path, d, err)
		}
	}
	if after := b.sh("find / -xdev | sort | md5sum"); after != before {
		t.Error("more was deleted")
	}
}

func TestWhatAContainerCannotBeWithoutIsNotDeleted(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	for _, path := range []string{"/", "//", "/./", "/proc", "/proc/", "/proc/1", "/sys", "/sys/fs/cgroup", "/dev", "/dev//", "/etc"} {
		_, err := b.e.DeleteFile(t.Context(), b.name, path, false)
		wants(t, err, ErrForbidden)
	}
	for _, path := range []string{"", ".", "..", "tmp", "/tmp/..", "/tmp/../etc", "/tmp/\x00"} {
		_, err := b.e.DeleteFile(t.Context(), b.name, path, true)
		wants(t, err, ErrInvalid)
	}
	b.sh("mkdir /tmp/kept; touch /tmp/kept/f; ln -s /tmp/kept /tmp/link")
	if _, err := b.e.DeleteFile(t.Context(), b.name, "/tmp/link/", false); err != nil {
		t.Error(err)
	}
	if got := b.sh("ls /tmp /tmp/kept"); got != "/tmp:\nkept\n\n/tmp/kept:\nf\n" {
		t.Errorf("a link is deleted, not what it leads to: %q", got)
	}
	if _, err := b.e.DeleteFile(t.Context(), b.name, "/etc", true); err != nil {
		t.Error(err)
	}
}

func TestWhyNothingCanBeDeletedIsSaid(t *testing.T) {
	t.Parallel()
	stopped := bareBox(t)
	_, err := stopped.e.DeleteFile(t.Context(), stopped.name, "/data", false)
	wants(t, err, ErrConflict, "it does not run")

	program, err := os.ReadFile("/bin/busybox")
	if err != nil {
		t.Fatal(err)
	}
	busybox := bareImage(t, "busybox", string(program))
	b := newBox(t, containertypes.Config{Image: busybox, Entrypoint: []string{"/busybox"}, Cmd: []string{"sleep", "3600"}}, containertypes.HostConfig{})
	_, err = b.e.DeleteFile(t.Context(), b.name, "/tmp", false)
	wants(t, err, ErrConflict, "it has no rm")

	locked := newBox(t, containertypes.Config{Image: dockertest.Image(t), Cmd: []string{"sleep", "3600"}, User: "1000"}, containertypes.HostConfig{ReadonlyRootfs: true})
	if d, err := locked.e.DeleteFile(t.Context(), locked.name, "/root", false); err != nil || d.ExitCode != 1 || d.Output == "" {
		t.Errorf("%+v, %v", d, err)
	}
}
