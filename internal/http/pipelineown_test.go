package http

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

func TestAPipelineOfOnesOwnHasAllKindsOfStages(t *testing.T) {
	h := startSiteHub(t)
	h.repo.Commit(map[string]string{"shop/Dockerfile": "FROM " + dockertest.Image(t) + "\nARG WORD\nCOPY page /www/index.html\nRUN echo $WORD >>/www/index.html\n"})
	body := map[string]any{
		"site": "shop", "secrets": map[string]any{"TOKEN": 123456}, "unknown": 1,
		"stages": []any{
			map[string]any{"kind": "clone", "repo_url": h.repo.URL, "ref": nil, "cmd": nil},
			map[string]any{"kind": "shell", "name": "make", "cmd": `printf '%s' "$MODE ${#TOKEN} " >shop/page`, "env": map[string]any{"MODE": "live"}},
			map[string]any{"kind": "build", "context": "shop", "repo_tag": h.image, "build_args": map[string]any{"WORD": 7}, "no_cache": true},
			map[string]any{"kind": "login", "registry": h.registry.Host, "username": h.registry.User, "password": h.registry.Password},
			map[string]any{"kind": "push"},
			map[string]any{"kind": "pull"},
			map[string]any{"kind": "run", "host_port": h.port, "port": 8000, "container_name": dockertest.Name("shop"), "command": "httpd -f -p '8000' -h /www", "restart": "no"},
			map[string]any{"kind": "probe", "path": "/index.html", "timeout": 20.5, "status": 200},
		},
	}
	a := h.must("/pipeline/start", body)
	id := a["task_id"].(string)
	if !regexp.MustCompile(`^pipeline-[0-9a-f]{10}$`).MatchString(id) || typesOf(a) != "status str, stream str, task_id str" {
		t.Errorf("%v", a)
	}
	s := h.ended(id)
	if s["status"] != "completed" || h.served() != "live 6 7\n" {
		t.Fatalf("%v, the site is %q", s, h.served())
	}
	one := h.listedAs(id, `"site":"shop"`, `"stage":"make"`, `"kind":"shell"`)
	if got := typesOf(one); got != "about dict, created_at num, ended_at num, kept_until num, outcome str, site str, stages list, started_at num, status str, stream str, task_id str, task_type str, updated_at num" {
		t.Errorf("it has %s", got)
	}
	facts := map[string]string{}
	for _, stage := range one["stages"].([]any) {
		stage := stage.(map[string]any)
		facts[stage["stage"].(string)] = typesOf(stage["facts"].(map[string]any))
	}
	for stage, want := range map[string]string{"clone": "commit str", "make": "exit_code num", "build": "image_id str", "push": "digest str", "run": "container_id str", "probe": "status_code num"} {
		if !strings.Contains(facts[stage], want) {
			t.Errorf("%s has %s, no %s", stage, facts[stage], want)
		}
	}
	var kinds []string
	for _, e := range h.open("sse", url.Values{"topic": {"tasks/" + id}, "types": {"stage"}}).rest() {
		if strings.Contains(e.raw, `"status":"starting"`) {
			kinds = append(kinds, regexp.MustCompile(`"stage":"([a-z]+)"`).FindStringSubmatch(e.raw)[1])
		}
	}
	if want := slices.Replace(slices.Clone(stageKinds), 1, 2, "make"); !slices.Equal(kinds, want) {
		t.Errorf("the stages were %v", kinds)
	}
}

func TestWhatAPipelineCannotBeIsSaidBeforeThereIsATask(t *testing.T) {
	h := startDockerHub(t)
	const (
		clone = `{"kind":"clone","repo_url":"https://git.example/team/site"}`
		build = clone + `,{"kind":"build","repo_tag":"site"}`
	)
	site := func(more string) string { return `{"dockerhub_repo":"team/site"` + more + `}` }
	stages := func(list string) string { return `{"stages":[` + list + `]}` }
	for _, c := range []struct{ route, body, says string }{
		{"html-site/start", `{}`, `{"detail":[{"loc":["body","dockerhub_repo"],"msg":"field required","type":"value_error.missing"}]}`},
		{"html-site/start", `{"dockerhub_repo":null,"host_port":"x"}`, `[{"loc":["body","dockerhub_repo"],"msg":"field required","type":"value_error.missing"},{"loc":["body","host_port"],"msg":"int type expected"`},
		{"html-site/start", `{"dockerhub_repo":""}`, `"loc":["body","dockerhub_repo"]`},
		{"html-site/start", `{"dockerhub_repo":"Team/Site"}`, `"loc":["body","dockerhub_repo"]`},
		{"html-site/start", `{"dockerhub_repo":"team/site:1"}`, `"loc":["body","dockerhub_repo"]`},
		{"html-site/start", site(`,"tag":"a b"`), `"loc":["body","tag"]`},
		{"html-site/start", site(`,"repo_url":""`), `"loc":["body","repo_url"]`},
		{"html-site/start", site(`,"repo_url":"ext::sh -c id"`), `"loc":["body","repo_url"]`},
		{"html-site/start", site(`,"repo_url":"https://me:hunter2@git.example/x?y"`), `"loc":["body","repo_url"]`},
		{"html-site/start", site(`,"ref":"--upload-pack=id"`), `"loc":["body","ref"]`},
		{"html-site/start", site(`,"dockerfile":"../Dockerfile"`), `"loc":["body","dockerfile"]`},
		{"html-site/start", site(`,"host_port":0`), `"loc":["body","host_port"]`},
		{"html-site/start", site(`,"host_port":65536`), `"loc":["body","host_port"]`},
		{"html-site/start", site(`,"container_port":70000`), `"loc":["body","container_port"]`},
		{"html-site/start", site(`,"probe_path":"no slash"`), `"loc":["body","probe_path"]`},
		{"html-site/start", site(`,"probe_timeout":601`), `"loc":["body","probe_timeout"]`},
		{"html-site/start", site(`,"probe_timeout":-1`), `"loc":["body","probe_timeout"]`},
		{"html-site/start", site(`,"probe_timeout":1e300`), `"loc":["body","probe_timeout"]`},
		{"html-site/start", site(`,"dockerhub_password":"x"`), `"loc":["body","dockerhub_username"]`},
		{"html-site/start", site(`,"dockerhub_username":"x"`), `"loc":["body","dockerhub_password"]`},
		{"html-site/start", site(`,"secrets":{"NO NAME":"x"}`), `"loc":["body","secrets"]`},
		{"html-site/start", site(`,"secrets":{"A":[]}`), `"loc":["body","secrets","A"],"msg":"str type expected"`},
		{"html-site/start", site(`,"task_id":"a/b"`), `"loc":["body","task_id"]`},
		{"html-site", site(`,"task_id":"a/b"`), `"loc":["body","task_id"]`},
		{"html-site", `{}`, `"loc":["body","dockerhub_repo"]`},
		{"start", `{}`, `{"detail":[{"loc":["body","stages"],"msg":"field required","type":"value_error.missing"}]}`},
		{"start", `{"stages":[]}`, `"loc":["body","stages"]`},
		{"start", `{"stages":{}}`, `"loc":["body","stages"],"msg":"list type expected"`},
		{"start", `{"stages":[5]}`, `"loc":["body","stages",0],"msg":"dict type expected"`},
		{"start", stages(`{}`), `"loc":["body","stages",0,"kind"],"msg":"field required"`},
		{"start", stages(clone + `,{"kind":"pusch"}`), `{"detail":[{"loc":["body","stages",1,"kind"],"msg":"kind \"pusch\" is not known: it is one of clone, shell, build, login, push, pull, run, probe","type":"value_error"}]}`},
		{"start", stages(`{"kind":"clone","repo_url":"https://git.example/x","branch":"main"}`), `"loc":["body","stages",0,"branch"],"msg":"a stage of kind clone has no such parameter: it has kind, name, repo_url, ref, username, password"`},
		{"start", stages(clone + `,{"kind":"build","cmd":"make"}`), `"loc":["body","stages",1,"cmd"],"msg":"a stage of kind build has`},
		{"start", stages(build + `,{"kind":"push","Repo_tag":"x"}`), `"loc":["body","stages",2,"Repo_tag"]`},
		{"start", stages(`{"kind":"clone"}`), `"loc":["body","stages",0,"repo_url"]`},
		{"start", stages(clone + `,` + clone), `"loc":["body","stages",1,"name"]`},
		{"start", stages(`{"kind":"clone","name":"a b","repo_url":"https://git.example/x"}`), `"loc":["body","stages",0,"name"]`},
		{"start", stages(clone + `,{"kind":"shell"}`), `"loc":["body","stages",1,"cmd"]`},
		{"start", stages(clone + `,{"kind":"build","repo_tag":"No!"}`), `"loc":["body","stages",1,"repo_tag"]`},
		{"start", stages(clone + `,{"kind":"build","context":"../x"}`), `"loc":["body","stages",1,"context"]`},
		{"start", stages(`{"kind":"build"}`), `"loc":["body","stages",0,"kind"]`},
		{"start", stages(`{"kind":"login","username":"x"}`), `"loc":["body","stages",0,"password"]`},
		{"start", stages(`{"kind":"login","registry":"no host"}`), `"loc":["body","stages",0,"registry"]`},
		{"start", stages(build + `,{"kind":"push","repo_tag":"No!"}`), `"loc":["body","stages",2,"repo_tag"]`},
		{"start", stages(`{"kind":"push","repo_tag":"x"}`), `"loc":["body","stages",0,"kind"]`},
		{"start", stages(`{"kind":"pull","repo_tag":"x","digest":"md5:1"}`), `"loc":["body","stages",0,"digest"]`},
		{"start", stages(build + `,{"kind":"run"}`), `"loc":["body","stages",2,"host_port"]`},
		{"start", stages(build + `,{"kind":"run","host_port":8080,"command":"a 'b"}`), `"loc":["body","stages",2,"command"]`},
		{"start", stages(build + `,{"kind":"run","host_port":8080,"command":5}`), `"loc":["body","stages",2,"command"],"msg":"str type expected"`},
		{"start", stages(build + `,{"kind":"run","host_port":8080,"container_name":"a b"}`), `"loc":["body","stages",2,"container_name"]`},
		{"start", stages(build + `,{"kind":"run","host_port":8080,"restart":"often"}`), `"loc":["body","stages",2,"restart"]`},
		{"start", stages(build + `,{"kind":"run","host_port":8080},{"kind":"probe","path":"x"}`), `"loc":["body","stages",3,"path"]`},
		{"start", stages(build + `,{"kind":"run","host_port":8080},{"kind":"probe","status":99}`), `"loc":["body","stages",3,"status"]`},
		{"start", stages(build + `,{"kind":"probe"}`), `"loc":["body","stages",2,"kind"]`},
		{"start", stages(`{"kind":"pull","repo_tag":"x"},{"kind":"run","host_port":8080}`), `"loc":["body","site"]`},
		{"start", `{"site":"a\nb","stages":[` + clone + `]}`, `"loc":["body","site"]`},
		{"start", `{"site":"` + strings.Repeat("a", 301) + `","stages":[` + clone + `]}`, `"loc":["body","site"]`},
		{"start", `{"secrets":{"1":"x"},"stages":[` + clone + `]}`, `"loc":["body","secrets"]`},
		{"start", stages(clone + strings.Repeat(`,{"kind":"shell","cmd":"x"}`, 50)), `"loc":["body","stages"]`},
		{"start", `{"task_id":"a/b","stages":[` + clone + `]}`, `"loc":["body","task_id"]`},
	} {
		if r, text := h.raw("POST", "/pipeline/"+c.route, c.body); r.StatusCode != 422 || !strings.Contains(text, c.says) || strings.Contains(text, "hunter2") {
			t.Errorf("%s %s: %d %s, want %s", c.route, c.body, r.StatusCode, text, c.says)
		}
	}
	if r, text := h.raw("POST", "/pipeline/html-site/start", site(`,"repo_url":"/etc"`)); r.StatusCode != 403 || !strings.Contains(text, "folders of this host") {
		t.Errorf("a folder of the host: %d %s", r.StatusCode, text)
	}
	h.server.allowTasks = false
	if r, text := h.raw("POST", "/pipeline/start", stages(clone+`,{"kind":"shell","cmd":"make"}`)); r.StatusCode != 403 || !strings.Contains(text, "allow_tasks") {
		t.Errorf("a command where none is allowed: %d %s", r.StatusCode, text)
	}
	if all := h.server.tasks.List(task.Filter{}); len(all) > 0 {
		t.Errorf("there are tasks: %+v", all)
	}
}

func TestWithoutAnEngineAPipelineSaysWhatToDo(t *testing.T) {
	away := startDockerHubWith(t, dockerSetup{Host: "unix://" + t.TempDir() + "/none.sock"})
	none := startDockerHubWith(t, dockerSetup{Host: away.host})
	none.server.docker, none.server.pipelines = nil, nil
	for _, h := range []*dockerHub{away, none} {
		for path, body := range map[string]string{
			"html-site/start": `{"dockerhub_repo":"team/site"}`, "html-site": `{"dockerhub_repo":"team/site"}`,
			"start": `{"stages":[{"kind":"clone","repo_url":"https://git.example/x"}]}`, "x/retry": "",
		} {
			if r, text := h.raw("POST", "/pipeline/"+path, body); r.StatusCode != 503 || !strings.Contains(text, "DOCKER_HOST") {
				t.Errorf("%s: %d %s", path, r.StatusCode, text)
			}
		}
		if r, text := h.get("/pipeline"); r.StatusCode != 200 || text != `{"pipelines":[],"total":0}` {
			t.Errorf("the list is %d %s", r.StatusCode, text)
		}
		if r, text := h.get("/pipeline/x"); r.StatusCode != 404 || !strings.Contains(text, "GET /pipeline lists them") {
			t.Errorf("one is %d %s", r.StatusCode, text)
		}
	}
	for query, status := range map[string]int{"?limit=0": 422, "?limit=x": 422, "?stat=error": 400} {
		if r, text := away.get("/pipeline" + query); r.StatusCode != status {
			t.Errorf("%s: %d %s", query, r.StatusCode, text)
		}
	}
}
