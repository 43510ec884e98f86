package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	filtertypes "github.com/docker/docker/api/types/filters"
	imagetypes "github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"

	"hub/internal/docker/dockertest"
	"hub/internal/git/gittest"
)

// deploys is a hub with all that a deploy needs.
type deploys struct {
	*running
	api      *client.Client
	registry *dockertest.Registry
	git      *gittest.Server
	site     *gittest.Repo
	port     string
	args     []string
}

func startDeploys(t *testing.T) *deploys {
	host := dockertest.Engine(t)
	t.Setenv("DOCKER_HOST", host)
	dockertest.Nginx(t, host)
	git := gittest.StartServer(t, gittest.Options{})
	d := &deploys{
		git: git, api: dockertest.Client(t, host), registry: dockertest.StartRegistry(t), port: freePort(t), args: []string{"--pipeline-folder", t.TempDir()},
		site: git.Repo("html-site", map[string]string{"index.html": "<h1>one</h1>"}),
	}
	t.Cleanup(d.remove) // when the hub has ended
	d.running = startProgram(t, d.args...)
	return d
}

// remove removes what was deployed.
func (d *deploys) remove() {
	ctx := context.Background()
	for _, c := range d.containers() {
		_ = d.api.ContainerRemove(ctx, c.ID, containertypes.RemoveOptions{Force: true})
	}
	named, _ := d.api.ImageList(ctx, imagetypes.ListOptions{Filters: filtertypes.NewArgs(filtertypes.Arg("reference", d.registry.Host+"/*/*"))})
	for _, i := range named {
		_, _ = d.api.ImageRemove(ctx, i.ID, imagetypes.RemoveOptions{Force: true})
	}
}

// body is a deploy of the site, with what a test wants beside.
func (d *deploys) body(id, more string) string {
	return fmt.Sprintf(`{"repo_url":%q,"dockerhub_repo":%q,"dockerhub_username":%q,"dockerhub_password":%q,"host_port":%s,"task_id":%q%s}`,
		d.site.URL, d.registry.Host+"/youruser/html-site", d.registry.User, d.registry.Password, d.port, id, more)
}

// deploy runs a deploy to its end.
func (d *deploys) deploy(id, more string) (status int, answer map[string]any) {
	d.t.Helper()
	r := d.ask("POST", "/pipeline/html-site", d.body(id, more), "Content-Type: application/json")
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		d.t.Fatal(err)
	}
	return r.StatusCode, answer
}

// serves is what the site answers.
func (d *deploys) serves() string {
	answer, err := http.Get("http://localhost:" + d.port + "/")
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return string(text)
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func TestWhatTheREADMESaysOfDeployingIsTrue(t *testing.T) {
	d := startDeploys(t)
	commands := commandsOf(t, "Deploying")
	if len(commands) != 3 {
		t.Fatalf("%d commands", len(commands))
	}
	deploy := strings.NewReplacer("https://github.com/ikwerre-dev/html-site", d.site.URL, "8080", d.port,
		`"dockerhub_repo":"youruser/`, `"dockerhub_repo":"`+d.registry.Host+`/youruser/`,
		`"dockerhub_username":"youruser"`, `"dockerhub_username":"`+d.registry.User+`"`, "a-token", d.registry.Password).Replace(d.at(commands[0]))
	if got := show(t, t.TempDir(), deploy, "--- end: completed"); !strings.Contains(got, "stage probe: completed") || d.serves() != "<h1>one</h1>" {
		t.Fatalf("%s\nshows %s\nand the site %s", deploy, got, d.serves())
	}

	// A registry that is away, and then is not.
	d.site.Commit(map[string]string{"index.html": "<h1>two</h1>"})
	d.registry.Stop()
	if status, answer := d.deploy("away", ""); status != http.StatusBadGateway || answer["stage"] != "login" {
		t.Fatal(status, answer)
	}
	d.registry.Start()
	// From push: the login, which did not come through, is on the way there.
	retry := show(t, t.TempDir(), strings.ReplaceAll(d.at(commands[1]), "TASK_ID", "away"), "}")
	if !strings.Contains(retry, `"reused":["clone","build"]`) {
		t.Fatal(retry)
	}
	d.await("the retry deploys", func() bool { return d.serves() == "<h1>two</h1>" })

	shop := d.git.Repo("shop", map[string]string{"Makefile": "test:\n\t@echo tested\n", "Dockerfile": "FROM nginx:alpine\nRUN echo shop > /usr/share/nginx/html/index.html\n"})
	own := strings.NewReplacer("https://github.com/youruser/shop", shop.URL, "shop:1", d.registry.Host+"/youruser/shop:1", "8081", d.port).Replace(d.at(commands[2]))
	if got := show(t, t.TempDir(), own, "}"); !strings.Contains(got, `"status":"started"`) {
		t.Fatal(got)
	}
	d.await("the shop serves", func() bool { return d.serves() == "shop\n" })
}

// A hub that is killed in the middle of a deploy leaves a candidate, a workspace and an image. The next one removes them, and what served
// before serves.
func TestWhatAKilledHubLeavesTheNextOneRemoves(t *testing.T) {
	d := startDeploys(t)
	others := d.things()
	if status, answer := d.deploy("first", ""); status != http.StatusOK {
		t.Fatal(status, answer)
	}
	before := append([]string{d.containers()[0].Names[0]}, others...)
	d.site.Commit(map[string]string{"Dockerfile": "FROM nginx:alpine\nCMD [\"sleep\", \"600\"]\n"})
	d.ask("POST", "/pipeline/html-site/start", d.body("second", `,"dockerfile":"Dockerfile"`), "Content-Type: application/json")
	d.await("its candidate runs", func() bool { return strings.Contains(d.get("/tasks/status/second"), `"stage":"probe"`) })
	if left := d.things(); len(left) != len(before)+4 { // two containers and two images
		t.Fatal(left)
	}
	if err := d.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	d.exit(10 * time.Second)
	if d.serves() != "<h1>one</h1>" {
		t.Error(d.serves())
	}

	next := startProgram(t, d.args...)
	next.await("all is as it was before", func() bool {
		folders, _ := os.ReadDir(d.args[1] + "/" + entry(d.args[1]))
		return slices.Equal(d.things(), before) && len(folders) == 1 && d.serves() == "<h1>one</h1>"
	})
}

// entry is the one thing in a folder.
func entry(folder string) string {
	entries, _ := os.ReadDir(folder)
	if len(entries) != 1 {
		return ""
	}
	return entries[0].Name()
}

// containers are those of the site.
func (d *deploys) containers() []containertypes.Summary {
	list, _ := d.api.ContainerList(context.Background(), containertypes.ListOptions{All: true, Filters: filtertypes.NewArgs(filtertypes.Arg("label", "hub.port="+d.port))})
	return list
}

// things are the names of the site's containers, and of the images that are kept for retries.
func (d *deploys) things() (names []string) {
	d.t.Helper()
	for _, c := range d.containers() {
		names = append(names, c.Names[0])
	}
	kept, err := d.api.ImageList(context.Background(), imagetypes.ListOptions{Filters: filtertypes.NewArgs(filtertypes.Arg("reference", "hub-kept/*"))})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, i := range kept {
		names = append(names, i.RepoTags...)
	}
	slices.Sort(names)
	return names
}
