package docker

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"
	imagetypes "github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"

	"hub/internal/docker/dockertest"
)

// box is a container of the shared engine for tests of files.
type box struct {
	*testing.T
	e    *Engine
	api  *client.Client
	name string
}

// newBox makes a container, and runs it if that has a command. It is removed after the test.
func newBox(t *testing.T, config containertypes.Config, host containertypes.HostConfig) *box {
	t.Helper()
	at := dockertest.Engine(t)
	e, err := New(Options{Host: at})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	b := &box{t, e, dockertest.Client(t, at), dockertest.Name("files")}
	made, err := b.api.ContainerCreate(t.Context(), &config, &host, nil, nil, b.name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = b.api.ContainerRemove(context.Background(), made.ID, containertypes.RemoveOptions{Force: true, RemoveVolumes: true})
	})
	if len(config.Cmd) > 0 {
		if err := b.api.ContainerStart(t.Context(), made.ID, containertypes.StartOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// runningBox has a busybox that sleeps.
func runningBox(t *testing.T) *box {
	t.Helper()
	return newBox(t, containertypes.Config{Image: dockertest.Image(t), Cmd: []string{"sleep", "3600"}}, containertypes.HostConfig{})
}

// bareBox was never started, and has nothing in it but the file /data/greeting:
// no shell, no ls, no rm.
func bareBox(t *testing.T) *box {
	t.Helper()
	return newBox(t, containertypes.Config{Image: bareImage(t, "data/greeting", "hello"), Entrypoint: []string{"/none"}}, containertypes.HostConfig{})
}

// bareImage has one file alone.
func bareImage(t *testing.T, name, content string) string {
	t.Helper()
	image := dockertest.Name("hub-test/bare")
	api := dockertest.Client(t, dockertest.Engine(t))
	layer := tarOf(t, tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o755}, content)
	body, err := api.ImageImport(t.Context(), imagetypes.ImportSource{Source: bytes.NewReader(layer), SourceName: "-"}, image, imagetypes.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if said, err := io.ReadAll(body); err != nil || bytes.Contains(said, []byte(`"error"`)) {
		t.Fatalf("%v %s", err, said)
	}
	t.Cleanup(func() { _, _ = api.ImageRemove(context.Background(), image, imagetypes.RemoveOptions{Force: true}) })
	return image
}

// tarOf is a tar of headers, each followed by its content where it is a file's.
func tarOf(t *testing.T, entries ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, entry := range entries {
		head, is := entry.(tar.Header)
		if !is {
			continue
		}
		content := ""
		if i+1 < len(entries) {
			content, _ = entries[i+1].(string)
		}
		head.Size = int64(len(content))
		if err := w.WriteHeader(&head); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sh runs a script in the container, to look at what was done there.
func (b *box) sh(script string) string {
	b.Helper()
	var out strings.Builder
	code, err := b.e.Exec(b.Context(), ExecSpec{Container: b.name, Cmd: []string{"sh", "-c", script}}, func(_ string, p []byte) { out.Write(p) })
	if err != nil || code != 0 {
		b.Fatalf("%s: %d %v: %s", script, code, err, out.String())
	}
	return out.String()
}

// content is that of a file in the container.
func (b *box) content(path string) string {
	b.Helper()
	content, _, err := b.e.ReadFile(b.Context(), b.name, path)
	if err != nil {
		b.Fatal(err)
	}
	return string(content)
}

// wants fails the test unless err is of the kind and says all the words.
func wants(t *testing.T, err, kind error, words ...string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%v, want %v", err, kind)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}
