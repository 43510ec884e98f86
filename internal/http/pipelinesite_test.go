package http

import (
	"fmt"
	"strings"
	"testing"
)

// holds fails the test unless the object has these keys, with their types.
func holds(t *testing.T, what string, object map[string]any, keys string) {
	t.Helper()
	have := typesOf(object) + ", "
	for want := range strings.SplitSeq(strings.TrimSuffix(keys, ", "), ", ") {
		if !strings.Contains(", "+have, ", "+want+", ") {
			t.Errorf("%s has %s no %s", what, have, want)
		}
	}
}

// contractStages are what the older service's clients find in the two events of
// each stage.
var contractStages = []struct{ name, starting, completed string }{
	{"clone", "repo_url str, ", "exit_code num"},
	{"build", "repo_tag str, ", "image_id str"},
	{"login", "registry str, ", ""},
	{"push", "repo_tag str, ", ""},
	{"pull", "name str, tag str, ", ""},
	{"run", "host_port num, ", "container_id str"},
	{"probe", "url str, ", "status_code num"},
}

func TestASiteIsDeployedAndToldOfAsTheOlderServiceDid(t *testing.T) {
	h := startSiteHub(t)
	a := h.must("/pipeline/html-site/start", h.body())
	id, _ := a["task_id"].(string)
	if !siteTask.MatchString(id) {
		t.Fatalf("%v", a)
	}
	is(t, "the answer", a, `{"status":"started","stream":"/stream/tasks/`+id+`","task_id":"`+id+`"}`)
	s := h.ended(id)
	if s["status"] != "completed" || s["task_type"] != "html_site_pipeline" {
		t.Fatalf("%v", s)
	}
	events := h.stageEvents(s, id)
	if len(events) != 2*len(contractStages) {
		t.Fatalf("%d events of stages: %v", len(events), events)
	}
	for i, c := range contractStages {
		first, last := events[2*i], events[2*i+1]
		if first["stage"] != c.name || first["status"] != "starting" || last["stage"] != c.name || last["status"] != "completed" || last["duration_sec"].(float64) < 0 {
			t.Errorf("%s: %v %v", c.name, first, last)
		}
		holds(t, c.name+" at its start", first, c.starting)
		holds(t, c.name+" at its end", last, c.starting+c.completed)
	}
	if probe := events[13]; probe["url"] != fmt.Sprintf("http://localhost:%d/", h.port) || probe["status_code"] != 200.0 {
		t.Errorf("the probe is %v", probe)
	}
	if h.served() != "one" {
		t.Errorf("the site is %q", h.served())
	}
	_, logs := h.call("GET", "/tasks/logs/"+id+"?tail=1000", "")
	text := fmt.Sprint(logs["lines"])
	for _, line := range []string{"Step 1/4 : FROM nginx:alpine", "Successfully built", ": Pushed", "Digest: sha256:"} {
		if !strings.Contains(text, line) {
			t.Errorf("no %q in %s", line, text)
		}
	}
	h.summary(s["result"].(map[string]any), "one")
}

// summary checks what a deploy has come to.
func (h *siteHub) summary(a map[string]any, content string) {
	h.t.Helper()
	delete(a, "task_id")
	want := "commit str, host_port num, probe dict, repo_tag str, repo_url str, run dict, stages dict, status str, url str"
	if got := typesOf(a); got != want {
		h.t.Errorf("the summary has %s, want %s", got, want)
	}
	run, probe, stages := a["run"].(map[string]any), a["probe"].(map[string]any), a["stages"].(map[string]any)
	if typesOf(run) != "id str, name str, status str" || run["status"] != "running" || !strings.HasPrefix(run["name"].(string), "html-site-") {
		h.t.Errorf("it runs %v", run)
	}
	is := func(what string, got, want any) {
		if got != want {
			h.t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	is("the status", a["status"], "ok")
	is("the repository", a["repo_url"], h.repo.URL)
	is("the commit", a["commit"], h.repo.Head())
	is("the image", a["repo_tag"], h.image+":latest")
	is("the port", a["host_port"], float64(h.port))
	is("the address", a["url"], fmt.Sprintf("http://localhost:%d/", h.port))
	is("the probe's status", probe["status_code"], 200.0)
	is("the probe's length", probe["length"], float64(len(content)))
	is("the probe", probe["ok"], true)
	is("the number of stages", len(stages), 7)
	if clone := stages["clone"].(map[string]any); clone["commit"] != h.repo.Head() || clone["exit_code"] != 0.0 {
		h.t.Errorf("the clone is %v", clone)
	}
	if found, err := h.api.ContainerInspect(h.t.Context(), run["id"].(string)); err != nil || found.Name != "/"+run["name"].(string) {
		h.t.Errorf("the engine has %v, %v", found.Name, err)
	}
}

func TestWhoWaitsForASiteGetsItsSummaryAndWhoFollowsItsEvents(t *testing.T) {
	h := startSiteHub(t)
	status, a := h.post("/pipeline/html-site", h.body("task_id", "first"))
	if status != 200 || a["task_id"] != "first" {
		t.Fatalf("%d %v", status, a)
	}
	h.summary(a, "one")

	h.repo.Commit(map[string]string{"index.html": "two"})
	events, _, _ := h.live("/pipeline/html-site", "text/event-stream", h.body("task_id", "second"))
	var stages []string
	for _, e := range events {
		if e.Type == "stage" {
			stages = append(stages, e.Data.Status)
		}
	}
	last := events[len(events)-1]
	if strings.Join(stages, " ") != strings.TrimSpace(strings.Repeat("starting completed ", 7)) || last.Type != "end" || last.Data.Status != "completed" || !strings.Contains(last.raw, `"status_code":200`) {
		t.Errorf("%v, and it ends with %s", stages, last.raw)
	}
	if h.served() != "two" {
		t.Errorf("the site is %q", h.served())
	}

	_, text := h.get("/stream/tasks/second")
	for _, line := range []string{
		"stage clone: starting, repo_url=\"" + h.repo.URL + "\"\n", "stage build: completed in ", "Step 1/4 : FROM nginx:alpine\n",
		"stage probe: completed in ", "\n--- end: completed, ",
	} {
		if !strings.Contains("\n"+text, line) {
			t.Errorf("no %q in %s", line, text)
		}
	}
	if strings.Contains(text, "percent") || strings.Contains(text, h.registry.Password) {
		t.Errorf("%s", text)
	}
	h.listedAs("second", `"status":"completed"`)
}

// listedAs looks for words in what GET /pipeline and GET /pipeline/{task_id} say of a run.
func (h *siteHub) listedAs(id string, words ...string) (one map[string]any) {
	h.t.Helper()
	_, list := h.call("GET", "/pipeline", "")
	newest := list["pipelines"].([]any)[0].(map[string]any)
	status, one := h.call("GET", "/pipeline/"+id, "")
	if newest["task_id"] != id || status != 200 || strings.Contains(h.encoded(newest), `"facts":`) {
		h.t.Errorf("the newest is %v, and %s is %d %v", newest, id, status, one)
	}
	for _, text := range []string{h.encoded(newest), h.encoded(one)} {
		for _, word := range words {
			if !strings.Contains(text, word) {
				h.t.Errorf("no %s in %s", word, text)
			}
		}
	}
	return one
}
