package pipeline

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"sync"
	"testing"

	buildtypes "github.com/docker/docker/api/types/build"
	imagetypes "github.com/docker/docker/api/types/image"

	"hub/internal/docker/dockertest"
)

// nginx is the name that sites are built from; standInName is what stands in for it, a web server of 2 MB that needs no network to come.
const (
	nginx       = "nginx:alpine"
	standInName = "hub-test/nginx:latest"
)

var standing struct {
	sync.Mutex
	users  int
	before string // the id that nginx was on this engine, "" for none
}

// standIn has the name nginx:alpine stand for a web server of busybox, as long as some test needs it.
func standIn(t *testing.T, host string) {
	t.Helper()
	base := dockertest.ImageOn(t, host)
	api := dockertest.Client(t, host)
	standing.Lock()
	defer standing.Unlock()
	if standing.users == 0 {
		if was, err := api.ImageInspect(t.Context(), nginx); err == nil {
			standing.before = was.ID
		}
		buildImage(t, host, "FROM "+base+"\nRUN mkdir -p /usr/share/nginx/html\nSTOPSIGNAL KILL\n"+
			`CMD ["httpd", "-f", "-v", "-p", "80", "-h", "/usr/share/nginx/html"]`, nginx, standInName)
	}
	standing.users++
	t.Cleanup(func() {
		standing.Lock()
		defer standing.Unlock()
		standing.users--
		if standing.users > 0 {
			return
		}
		api := dockertest.Client(t, host)
		if standing.before != "" {
			_ = api.ImageTag(context.Background(), standing.before, nginx)
		} else {
			_, _ = api.ImageRemove(context.Background(), nginx, imagetypes.RemoveOptions{})
		}
	})
}

// buildImage builds a Dockerfile that needs no files, and gives the image's id.
func buildImage(t testing.TB, host, dockerfile string, names ...string) (id string) {
	t.Helper()
	var context bytes.Buffer
	w := tar.NewWriter(&context)
	_ = w.WriteHeader(&tar.Header{Name: "Dockerfile", Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(dockerfile))})
	_, _ = w.Write([]byte(dockerfile))
	_ = w.Close()
	api := dockertest.Client(t, host)
	answer, err := api.ImageBuild(t.Context(), &context, buildtypes.ImageBuildOptions{Tags: names, Remove: true, ForceRemove: true})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if said, err := io.ReadAll(answer.Body); err != nil || bytes.Contains(said, []byte("errorDetail")) {
		t.Fatalf("cannot build: %v: %s", err, said)
	}
	image, err := api.ImageInspect(t.Context(), names[0])
	if err != nil {
		t.Fatal(err)
	}
	return image.ID
}
