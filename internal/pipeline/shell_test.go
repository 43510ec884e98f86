package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
)

func TestAPipelineOfOnesOwnGoesFromACommandToASite(t *testing.T) {
	w := newWorld(t, options{withRegistry: true, files: map[string]string{
		"app/Dockerfile": base + "ARG GREETING\nCOPY . /www\nRUN echo \"$GREETING\" > /www/greeting\nEXPOSE 8000\nCMD [\"httpd\", \"-f\", \"-p\", \"8000\", \"-h\", \"/www\"]\n",
	}})
	name := w.registry.Host + "/" + dockertest.Name("app") + ":1.2"
	port := freePort(t)
	d := w.own(
		Stage{Name: "fetch", Step: Clone{RepoURL: w.repo.URL}},
		Stage{Name: "generate", Step: Shell{Cmd: `echo "made of $HUB_COMMIT by $WHO" > app/index.html; test "$DEPLOY_KEY" = "opens everything" && echo "it has the key"`, Env: map[string]string{"WHO": "the hub"}}},
		Stage{Step: Build{RepoTag: name, Context: "app", Args: map[string]string{"GREETING": "hello"}}},
		Stage{Step: Login{Registry: w.registry.Host, Username: w.registry.User, Password: w.registry.Password}},
		Stage{Step: Push{}},
		Stage{Step: Pull{}},
		Stage{Name: "serve", Step: Run{HostPort: port, Port: 8000}},
		Stage{Name: "ask", Step: Probe{Path: "/greeting", Status: 200}},
		Stage{Name: "tell", Step: Shell{Cmd: `echo "$HUB_IMAGE"`}},
	)
	d.Secrets = map[string]string{"DEPLOY_KEY": "opens everything"}
	k := w.completes(d)
	served(t, port, map[string]string{"greeting": "hello\n", "": "made of " + w.repo.Head() + " by the hub\n"})
	id := w.events.stage(k.ID(), "build", "completed")["image_id"].(string)
	if said := w.events.lines(k.ID(), "tell"); said != id+"\n" {
		t.Errorf("%q", said)
	}
	if said := w.events.lines(k.ID(), "generate"); said != "it has the key\n" {
		t.Errorf("%q", said)
	}
	if text := w.events.text(k.ID()); strings.Contains(text, "opens everything") {
		t.Error(text)
	}
	holds(t, w.events.stage(k.ID(), "fetch", "completed"), `{"kind":"clone","repo_url":"`+w.repo.URL+`"}`)
	holds(t, w.events.stage(k.ID(), "generate", "completed"), `{"kind":"shell","exit_code":0}`)
	holds(t, w.events.stage(k.ID(), "push", "starting"), `{"repo_tag":"`+name+`"}`)
	holds(t, w.events.stage(k.ID(), "ask", "completed"), fmt.Sprintf(`{"kind":"probe","status_code":200,"url":"http://localhost:%d/greeting"}`, port))
}

func TestACommandThatFailsFailsItsStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	k := w.fails(w.own(sh("one", "echo out; echo err >&2; exit 7"), sh("two", "true")), "one", "the command exited with 7: echo out;")
	holds(t, w.events.stage(k.ID(), "one", "error"), `{"exit_code":7,"kind":"shell"}`)
	if said := w.events.lines(k.ID(), "one"); !strings.Contains(said, "out\n") || !strings.Contains(said, "err\n") {
		t.Errorf("%q", said)
	}
	k = w.fails(w.own(sh("one", "kill -9 $$")), "one", "the command exited with 137")
	holds(t, w.events.stage(k.ID(), "one", "error"), `{"exit_code":137}`)
	long := "true " + strings.Repeat("x ", 5000) + "; exit 1"
	k = w.fails(w.own(sh("one", long)), "one", "exited with 1")
	if n := len(w.events.stage(k.ID(), "one", "error")["error"].(string)); n > 1000 {
		t.Errorf("an error of %d bytes", n)
	}
}

func TestACommandKnowsNothingOfTheHub(t *testing.T) {
	t.Setenv("DOCKERHUB_PASSWORD", "not for commands")
	w := newWorld(t, options{Options: Options{Username: "builder", Password: "not for commands"}})
	k := w.completes(w.own(sh("one", "env; echo $HUB_TASK")))
	said := w.events.lines(k.ID(), "one")
	if strings.Contains(said, "not for commands") || !strings.HasSuffix(said, "\n"+k.ID()+"\n") {
		t.Errorf("%s", said)
	}
}
