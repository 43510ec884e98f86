package dockertest

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	imagetypes "github.com/docker/docker/api/types/image"
)

// Base is the image that [Image] makes.
const Base = "hub-test/busybox:latest"

var making sync.Mutex

// Image makes sure that the shared engine has Base, and returns that. It is one
// layer: a static busybox in /bin with a link for each of its commands, and /tmp,
// /etc and /root. Its command is sh.
func Image(t testing.TB) string {
	t.Helper()
	return ImageOn(t, Engine(t))
}

// ImageOn is Image on another engine.
func ImageOn(t testing.TB, host string) string {
	t.Helper()
	making.Lock()
	defer making.Unlock()
	api := Client(t, host)
	if _, err := api.ImageInspect(t.Context(), Base); err == nil {
		return Base
	}
	layer, err := busybox()
	if err != nil {
		t.Fatalf("cannot make %s: %v", Base, err)
	}
	body, err := api.ImageImport(context.Background(), imagetypes.ImportSource{Source: layer, SourceName: "-"}, Base,
		imagetypes.ImportOptions{Changes: []string{`CMD ["sh"]`, "ENV PATH=/bin"}})
	if err != nil {
		t.Fatalf("cannot make %s: %v", Base, err)
	}
	defer body.Close()
	if said, err := io.ReadAll(body); err != nil || bytes.Contains(said, []byte(`"error"`)) {
		t.Fatalf("cannot make %s: %v %s", Base, err, said)
	}
	return Base
}

// busybox is a root file system with nothing else, as a tar.
func busybox() (io.Reader, error) {
	path, err := exec.LookPath("busybox")
	if err != nil {
		return nil, err
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	commands, err := exec.Command(path, "--list").Output()
	if err != nil {
		return nil, err
	}
	var layer bytes.Buffer
	w := tar.NewWriter(&layer)
	for _, folder := range []string{"bin/", "etc/", "root/", "tmp/"} {
		_ = w.WriteHeader(&tar.Header{Name: folder, Typeflag: tar.TypeDir, Mode: 0o755})
	}
	_ = w.WriteHeader(&tar.Header{Name: "bin/busybox", Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(program))})
	_, _ = w.Write(program)
	for _, command := range strings.Fields(string(commands)) {
		if command != "busybox" {
			_ = w.WriteHeader(&tar.Header{Name: "bin/" + command, Typeflag: tar.TypeSymlink, Linkname: "busybox"})
		}
	}
	return &layer, w.Close()
}
