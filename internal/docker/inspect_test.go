package docker

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	imagetypes "github.com/docker/docker/api/types/image"
)

var removeOptions = imagetypes.RemoveOptions{}

func TestInspectTellsAllButSecrets(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{Env: map[string]string{
		"MODE": "live", "DB_PASSWORD": "hunter2-canary", "api_key": "hunter2-canary", "Auth": "hunter2-canary", "X_TOKEN": "hunter2-canary=x", "MY_SECRET": "", "CREDS": "hunter2-canary",
	}})
	all, err := r.e.Inspect(t.Context(), c.Name)
	if err != nil || all.ID != c.ID || all.Status != "running" || all.Command != "sleep 1000" {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, want := range []string{"MODE=live", "DB_PASSWORD=***", "api_key=***", "Auth=***", "X_TOKEN=***", "MY_SECRET=***", "CREDS=***", "PATH=/bin"} {
		if !slices.Contains(all.Env, want) {
			t.Errorf("no %s in %q", want, all.Env)
		}
	}
	if strings.Contains(string(all.Engine), "hunter2") {
		t.Errorf("a secret is in %s", all.Engine)
	}
	var engine struct {
		ID     string `json:"Id"`
		Config struct{ Env []string }
		State  struct{ Status string }
	}
	if err := json.Unmarshal(all.Engine, &engine); err != nil || engine.ID != c.ID || !slices.Equal(engine.Config.Env, all.Env) || engine.State.Status != "running" {
		t.Errorf("%+v, %v", engine, err)
	}
}

func TestTopAndStatsAreOfContainersThatRun(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{Command: []string{"sh", "-c", "while :; do :; done"}, Limits: Limits{Memory: "64m"}})
	_, top, err := r.e.Top(t.Context(), c.Name)
	if err != nil || !slices.Contains(top.Titles, "PID") || len(top.Rows) != 1 || len(top.Rows[0]) != len(top.Titles) {
		t.Errorf("%+v, %v", top, err)
	}
	_, s, err := r.e.Stats(t.Context(), c.Name)
	if err != nil || s.CPUPercent <= 1 || s.CPUPercent > 300 || s.Memory.Limit != 64<<20 || s.Memory.Used == 0 || s.Memory.Percent <= 0 || s.PIDs == 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := r.e.Kill(t.Context(), c.Name, "KILL"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.e.Wait(t.Context(), c.Name); err != nil {
		t.Fatal(err)
	}
	_, _, err = r.e.Top(t.Context(), c.Name)
	isError(t, "top", err, ErrConflict, "")
	_, _, err = r.e.Stats(t.Context(), c.Name)
	isError(t, "stats", err, ErrConflict, "")
}
