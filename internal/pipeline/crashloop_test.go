package pipeline

import (
	"strings"
	"testing"
	"time"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
)

// crashing is a run stage of a container that ends at once, and is started again for ever.
func crashing(port int) Run {
	return Run{Image: dockertest.Base, HostPort: port, Prefix: "crash", Restart: "always", Command: []string{"sh", "-c", "echo cannot go on; exit 3"}}
}

func TestACrashLoopIsNotUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	w.completes(w.own(Stage{Step: page("one", port)}))
	before := w.mine()
	began := time.Now()
	k := w.start(w.own(Stage{Step: crashing(port)}))
	w.rolledBack(k, "run", "soon after its start")
	t.Logf("its end took %s", time.Since(began))
	w.shows(port, "one")
	w.stays(before)
	w.rolledBack(w.start(w.own(Stage{Step: crashing(sitePort(t))})), "run", "soon after its start")
	w.stays(before)
}

func TestAContainerThatEndsOnceItHasThePortDoesNotKeepIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	k := w.completes(w.runs(page("one", port), Probe{}))
	r := newRun(w.Runner, w.newRecord(Definition{}), k)
	old, err := w.engine.Container(t.Context(), strings.Fields(w.mine()[0])[1])
	if err != nil {
		t.Fatal(err)
	}
	d := &deploy{unique: dockertest.Name("two"), port: port, site: w.repo.URL, old: []docker.Container{old}}
	d.name = d.unique
	d.candidate = w.leaves(w.instance, d, map[string]string{labelCandidate: "true"})
	spec := docker.RunSpec{Image: dockertest.Base, Restart: "always", Name: d.unique,
		Ports: docker.Ports{"80/tcp": {{Port: port}}}, Labels: map[string]string{labelSite: d.site, labelOwner: w.instance.name}}
	spec.Command = []string{"sh", "-c", "rm -f /end; while [ ! -e /end ]; do sleep 0.1; done; exit 3"}
	if d.final, err = w.engine.Create(t.Context(), spec); err != nil {
		t.Fatal(err)
	}
	r.deploy = d
	err = r.takeOver(t.Context(), d, func() error {
		first, err := r.runOf(t.Context(), d.final)
		if _, failed := w.engine.Exec(t.Context(), docker.ExecSpec{Container: d.final.ID, Cmd: []string{"touch", "/end"}}, func(string, []byte) {}); failed != nil {
			t.Error(failed)
		}
		w.until("it runs again", func() bool {
			s, err := w.engine.State(t.Context(), d.unique)
			return err == nil && s.Running && !s.Started.Equal(first)
		})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "after it took the port") {
		t.Errorf("it has the port: %v", err)
	}
	if r.deploy != nil {
		r.rollBack(t.Context())
	}
	w.until("the old one serves", func() bool { return get(port, "") == "one" })
	w.noMarks()
}
