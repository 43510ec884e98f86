package http

import (
	"context"
	"io"
	"net"
	nethttp "net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"
	filtertypes "github.com/docker/docker/api/types/filters"
	imagetypes "github.com/docker/docker/api/types/image"

	"hub/internal/docker/dockertest"
	"hub/internal/git/gittest"
)

// siteHub is a dockerHub with a repository to deploy, and a registry for its image.
type siteHub struct {
	*dockerHub
	git      *gittest.Server
	repo     *gittest.Repo
	registry *dockertest.Registry
	image    string // of the repository, in the registry
	port     int
}

func startSiteHub(t *testing.T) *siteHub {
	t.Helper()
	git := gittest.StartServer(t, gittest.Options{})
	h := &siteHub{startDockerHubWith(t, dockerSetup{Log: quiet()}), git, git.Repo("team/site", map[string]string{"index.html": "one"}), dockertest.StartRegistry(t), "", freePort(t)}
	h.image = h.registry.Host + "/" + dockertest.Name("team/site")
	dockertest.Nginx(t, h.host)
	t.Cleanup(func() {
		ctx := context.Background()
		ours := filtertypes.NewArgs(filtertypes.Arg("label", "hub.port="+strconv.Itoa(h.port)))
		list, _ := h.api.ContainerList(ctx, containertypes.ListOptions{All: true, Filters: ours})
		for _, c := range list {
			_ = h.api.ContainerRemove(ctx, c.ID, containertypes.RemoveOptions{Force: true})
		}
		named, _ := h.api.ImageList(ctx, imagetypes.ListOptions{Filters: filtertypes.NewArgs(filtertypes.Arg("reference", h.image))})
		for _, i := range named {
			_, _ = h.api.ImageRemove(ctx, i.ID, imagetypes.RemoveOptions{Force: true})
		}
	})
	return h
}

// body is that of a deploy, with what a test wants to be different.
func (h *siteHub) body(other ...any) map[string]any {
	body := map[string]any{
		"repo_url": h.repo.URL, "dockerhub_repo": h.image, "tag": nil, "host_port": h.port,
		"dockerhub_username": h.registry.User, "dockerhub_password": h.registry.Password,
	}
	for i := 0; i < len(other); i += 2 {
		body[other[i].(string)] = other[i+1]
	}
	return body
}

// served is what the site answers at its port, "" where nobody does.
func (h *siteHub) served() string {
	answer, err := nethttp.Get("http://localhost:" + strconv.Itoa(h.port) + "/")
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return string(text)
}

// stageEvents are the events of a task's status that are of its stages, without
// task, task_id and ts; what stands between them is checked.
func (h *siteHub) stageEvents(status map[string]any, id string) (stages []map[string]any) {
	h.t.Helper()
	open := ""
	for _, e := range status["events"].([]any) {
		e := e.(map[string]any)
		if e["task"] != status["task_type"] || e["task_id"] != id || e["ts"].(float64) < 1e9 {
			h.t.Errorf("an event of %s is %v", id, e)
		}
		if e["status"] == "stream" {
			chunk, _ := e["chunk"].(map[string]any)
			if line, ok := chunk["stream"].(string); !ok || !strings.HasSuffix(line, "\n") || e["stage"] != open {
				h.t.Errorf("between the stages of %s, in %s, stands %v", id, open, e)
			}
			continue
		}
		open = e["stage"].(string)
		for _, key := range []string{"task", "task_id", "ts"} {
			delete(e, key)
		}
		stages = append(stages, e)
	}
	return stages
}

var siteTask = regexp.MustCompile(`^html_site_pipeline-[0-9a-f]{10}$`)

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
