package docker

import (
	"fmt"
	"strings"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

func TestAFileIsWrittenUnderAnyName(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	for _, name := range oddNames {
		path := "/tmp/" + name
		if err := b.e.WriteFile(t.Context(), b.name, path, []byte("in "+name), 0o600); err != nil {
			t.Errorf("%q: %v", name, err)
		} else if got := b.content(path); got != "in "+name {
			t.Errorf("%q holds %q", name, got)
		}
	}
	if got := b.sh("find /tmp -type f -perm 600 -user 0 -print0 | tr -cd '\\0' | wc -c"); got != fmt.Sprintln(len(oddNames)) {
		t.Errorf("%s", got)
	}
}

func TestWritingReplacesAFileAndKeepsItsOwner(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("echo old >/tmp/f; chown 12:34 /tmp/f")
	if err := b.e.WriteFile(t.Context(), b.name, "/tmp/f", []byte("new"), 0o4755); err != nil {
		t.Fatal(err)
	}
	if got := b.sh("cat /tmp/f; stat -c ' %u:%g %a' /tmp/f"); got != "new 12:34 755\n" {
		t.Errorf("%q", got)
	}
}

func TestWritingNeverGoesThroughALinkAtThePathItself(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("echo precious >/etc/target; ln -s /etc/target /tmp/link; ln -s /tmp /root/folder")
	if err := b.e.WriteFile(t.Context(), b.name, "/tmp/link", []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := b.e.WriteFile(t.Context(), b.name, "/root/folder/f", []byte("f"), 0o644); err != nil { // a folder's is followed
		t.Fatal(err)
	}
	if got := b.sh("cat /etc/target /tmp/link; readlink /tmp/link; cat /tmp/f"); got != "precious\nnewf" {
		t.Errorf("%q", got)
	}
}

func TestWhatCannotBeWrittenLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("mkdir -p /tmp/sub/deep; echo x >/tmp/file")
	write := func(path string, n int) error {
		return b.e.WriteFile(t.Context(), b.name, path, make([]byte, n), 0o644)
	}
	wants(t, write("/tmp/sub", 1), ErrConflict, "folder")
	wants(t, write("/", 1), ErrConflict, "folder")
	wants(t, write("/tmp/none/f", 1), ErrNotFound, `there is no folder "/tmp/none"`)
	wants(t, write("/tmp/file/f", 1), ErrConflict, "no folder")
	wants(t, write("/tmp/big", MostWritten+1), ErrTooLarge)
	wants(t, write("/tmp/"+strings.Repeat("n", 256), 1), ErrInvalid, "too long")
	if got := b.sh("cd /tmp; find . | sort; cat file"); got != ".\n./file\n./sub\n./sub/deep\nx\n" {
		t.Errorf("%q", got)
	}
	if err := write("/tmp/most", MostWritten); err != nil {
		t.Error(err)
	}
}

func TestReadOnlyFilesAreSaidToBe(t *testing.T) {
	t.Parallel()
	volume := dockertest.Name("files")
	b := newBox(t, containertypes.Config{Image: dockertest.Image(t)}, containertypes.HostConfig{
		ReadonlyRootfs: true, Binds: []string{volume + ":/kept:ro", volume + ":/data"},
	})
	t.Cleanup(func() { _ = b.api.VolumeRemove(t.Context(), volume, true) })
	wants(t, b.e.WriteFile(t.Context(), b.name, "/tmp/f", nil, 0o644), ErrConflict, "read-only")
	wants(t, b.e.WriteFile(t.Context(), b.name, "/kept/f", nil, 0o644), ErrConflict, "mounted read-only")
	wants(t, b.e.MakeFolder(t.Context(), b.name, "/kept/f"), ErrConflict, "mounted read-only")
	if err := b.e.WriteFile(t.Context(), b.name, "/data/f", []byte("x"), 0o644); err != nil || b.content("/kept/f") != "x" {
		t.Error(err)
	}
}

func TestAFolderIsMadeWithItsParentsAndNothingElseChanges(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("mkdir -p /tmp/kept; chmod 1777 /tmp; chmod 700 /tmp/kept; chown 5:5 /tmp/kept; ln -s /tmp/kept /root/link; echo x >/tmp/file; ln -s file /tmp/tofile")
	for _, path := range []string{"/tmp/kept", "/", "/tmp/kept/a/b c/-d", "/tmp/kept/a/b c/-d/", "/root/link/e", "/BZh/BZh", "/ünï/\x1f\x8b\x08/" + strings.Repeat("l", 150)} {
		if err := b.e.MakeFolder(t.Context(), b.name, path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	want := "1777 0\n700 5\n755 0\n755 0\n755 0\n755 0\n"
	if got := b.sh("cd /tmp/kept; stat -c '%a %u' /tmp . a 'a/b c/-d' e /BZh/BZh"); got != want {
		t.Errorf("%s", got)
	}
	wants(t, b.e.MakeFolder(t.Context(), b.name, "/tmp/file"), ErrConflict, `"/tmp/file" is there and is no folder`)
	wants(t, b.e.MakeFolder(t.Context(), b.name, "/tmp/file/a/b"), ErrConflict, `"/tmp/file" is there`)
	wants(t, b.e.MakeFolder(t.Context(), b.name, "/tmp/tofile"), ErrConflict, "no folder")
}

func TestAStoppedContainerWithoutAShellIsWrittenTo(t *testing.T) {
	t.Parallel()
	b := bareBox(t)
	if err := b.e.MakeFolder(t.Context(), b.name, "/data/a/b"); err != nil {
		t.Fatal(err)
	}
	if err := b.e.WriteFile(t.Context(), b.name, "/data/a/b/c", []byte("deep"), 0o644); err != nil || b.content("/data/a/b/c") != "deep" {
		t.Error(err)
	}
}
