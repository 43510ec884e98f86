package docker

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	buildtypes "github.com/docker/docker/api/types/build"
	containertypes "github.com/docker/docker/api/types/container"
	imagetypes "github.com/docker/docker/api/types/image"

	"hub/internal/docker/dockertest"
)

// engineOn is an engine of ours.
func engineOn(t *testing.T, host string, roots ...string) *Engine {
	t.Helper()
	e, err := New(Options{Host: host, Roots: roots})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// makeImage builds an image with a layer for each size, of bytes that do not
// compress, and removes it after the test. It gives the id.
func makeImage(t *testing.T, host, name string, sizes ...int64) string {
	t.Helper()
	dockerfile := "FROM scratch\nLABEL hub.test=" + name + "\n"
	files := map[string]int64{}
	for i, size := range sizes {
		file := fmt.Sprintf("file%d", i)
		dockerfile += "COPY " + file + " /\n"
		files[file] = size
	}
	context, w := io.Pipe()
	go func() { w.CloseWithError(writeContext(w, dockerfile, files)) }()
	api := dockertest.Client(t, host)
	answer, err := api.ImageBuild(t.Context(), context, buildtypes.ImageBuildOptions{Tags: []string{name}, Remove: true})
	if err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || bytes.Contains(said, []byte("errorDetail")) {
		t.Fatalf("%v: %s", err, said)
	}
	t.Cleanup(func() { forget(t, host, name) })
	image, err := api.ImageInspect(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return image.ID
}

func writeContext(w io.Writer, dockerfile string, files map[string]int64) error {
	out := tar.NewWriter(w)
	err := out.WriteHeader(&tar.Header{Name: "Dockerfile", Mode: 0o644, Size: int64(len(dockerfile))})
	_, writeErr := io.WriteString(out, dockerfile)
	err = errors.Join(err, writeErr)
	for name, size := range files {
		_ = out.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: size})
		if _, copyErr := io.CopyN(out, rand.Reader, size); copyErr != nil {
			return copyErr
		}
	}
	return errors.Join(err, out.Close())
}

// forget takes a name, and all else that an image has, away.
func forget(t *testing.T, host, name string) {
	t.Helper()
	api := dockertest.Client(t, host)
	_, _ = api.ImageRemove(context.Background(), name, imagetypes.RemoveOptions{Force: true, PruneChildren: true})
}

// refused checks an error: its kind, that it is one sentence on one line, and that
// it has certain words.
func refused(t *testing.T, err, kind error, words ...string) {
	t.Helper()
	var ours *Error
	if !errors.As(err, &ours) || ours.Kind != kind || strings.ContainsAny(ours.Text, "\n\r") {
		t.Errorf("%#v, want %v", err, kind)
		return
	}
	for _, word := range words {
		if !strings.Contains(ours.Text, word) {
			t.Errorf("%q, want %q in it", ours.Text, word)
		}
	}
}

// derive makes an image of another with a layer of its own.
func derive(t *testing.T, host, from, name string) error {
	t.Helper()
	api := dockertest.Client(t, host)
	made, err := api.ContainerCreate(t.Context(), &containertypes.Config{Image: from}, nil, nil, nil, "")
	if err != nil {
		return err
	}
	defer api.ContainerRemove(context.Background(), made.ID, containertypes.RemoveOptions{Force: true})
	_, err = api.ContainerCommit(t.Context(), made.ID, containertypes.CommitOptions{Reference: name})
	return err
}
