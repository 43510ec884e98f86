package dockertest

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"

	buildtypes "github.com/docker/docker/api/types/build"
	imagetypes "github.com/docker/docker/api/types/image"
)

// NginxName is the name that sites are built from, and standIn another of what stands in for it.
const (
	NginxName = "nginx:alpine"
	standIn   = "hub-test/nginx:latest"
)

const nginxDockerfile = "FROM " + Base + `
RUN mkdir -p /usr/share/nginx/html
STOPSIGNAL KILL
CMD ["httpd", "-f", "-v", "-p", "80", "-h", "/usr/share/nginx/html"]
`

// standing is what NginxName stands for on each engine, while tests need it.
var standing struct {
	sync.Mutex
	users  map[string]int
	before map[string]string // the id that it was, "" for none
}

// Nginx has the name nginx:alpine stand for a web server of busybox, as long as
// some test needs it: it needs no network to come, and serves the same folder.
func Nginx(t testing.TB, host string) {
	t.Helper()
	ImageOn(t, host)
	api := Client(t, host)
	standing.Lock()
	defer standing.Unlock()
	if standing.users == nil {
		standing.users, standing.before = map[string]int{}, map[string]string{}
	}
	if standing.users[host] == 0 {
		if was, err := api.ImageInspect(t.Context(), NginxName); err == nil {
			standing.before[host] = was.ID
		}
		Build(t, host, nginxDockerfile, NginxName, standIn)
	}
	standing.users[host]++
	t.Cleanup(func() { leaveNginx(t, host) })
}

func leaveNginx(t testing.TB, host string) {
	standing.Lock()
	defer standing.Unlock()
	standing.users[host]--
	if standing.users[host] > 0 {
		return
	}
	api := Client(t, host)
	if before := standing.before[host]; before != "" {
		_ = api.ImageTag(context.Background(), before, NginxName)
		return
	}
	_, _ = api.ImageRemove(context.Background(), NginxName, imagetypes.RemoveOptions{})
}

// Build builds a Dockerfile that needs no files, and gives the image's id.
func Build(t testing.TB, host, dockerfile string, names ...string) (id string) {
	t.Helper()
	api := Client(t, host)
	answer, err := api.ImageBuild(context.Background(), folder(file{"Dockerfile", []byte(dockerfile)}),
		buildtypes.ImageBuildOptions{Tags: names, Remove: true, ForceRemove: true})
	if err != nil {
		t.Fatalf("cannot build %s: %v", names[0], err)
	}
	defer answer.Body.Close()
	if said, err := io.ReadAll(answer.Body); err != nil || strings.Contains(string(said), "errorDetail") {
		t.Fatalf("cannot build %s: %v %s", names[0], err, said)
	}
	image, err := api.ImageInspect(t.Context(), names[0])
	if err != nil {
		t.Fatal(err)
	}
	return image.ID
}
