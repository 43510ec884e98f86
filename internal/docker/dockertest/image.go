package dockertest

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	buildtypes "github.com/docker/docker/api/types/build"
)

// Base is the image that [Image] makes.
const Base = "hub-test/busybox:latest"

const dockerfile = `FROM scratch
ADD root.tar /
ENV PATH=/bin
STOPSIGNAL SIGKILL
CMD ["sh"]
`

var making sync.Mutex

// Image makes sure that the shared engine has Base, and returns that. It is one
// layer: a static busybox in /bin with a link for each of its commands, and /tmp,
// /etc and /root. Its command is sh. It is stopped by KILL, since a shell that is a
// container's first process takes no notice of TERM, and that costs ten seconds.
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
	root, err := busybox()
	if err != nil {
		t.Fatalf("cannot make %s: %v", Base, err)
	}
	answer, err := api.ImageBuild(context.Background(), folder(file{"Dockerfile", []byte(dockerfile)}, file{"root.tar", root}),
		buildtypes.ImageBuildOptions{Tags: []string{Base}, Remove: true})
	if err != nil {
		t.Fatalf("cannot make %s: %v", Base, err)
	}
	defer answer.Body.Close()
	if said, err := io.ReadAll(answer.Body); err != nil || bytes.Contains(said, []byte(`"error"`)) {
		t.Fatalf("cannot make %s: %v %s", Base, err, said)
	}
	return Base
}

// file is one of a tar.
type file struct {
	name string
	data []byte
}

// folder is a tar of files.
func folder(files ...file) io.Reader {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		_ = w.WriteHeader(&tar.Header{Name: f.name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(f.data))})
		_, _ = w.Write(f.data)
	}
	_ = w.Close()
	return &b
}

// busybox is a root file system with nothing else, as a tar.
func busybox() ([]byte, error) {
	path, err := exec.LookPath("busybox")
	if err != nil {
		return nil, err
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(program, []byte("/ld-linux")) {
		return nil, errors.New("this busybox needs the host's libraries: install Debian's busybox-static in its place")
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
	return layer.Bytes(), w.Close()
}
