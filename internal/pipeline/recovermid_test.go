package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
)

// deadHub is the folder of a hub that is gone.
func (w *world) deadHub() *instance {
	w.Helper()
	dead, err := newInstance(filepath.Dir(w.instance.folder))
	if err != nil {
		w.Fatal(err)
	}
	dead.lock.Close()
	return dead
}

// leaves makes a container that a hub has left in the middle of the deploy called d, whose labels say more.
func (w *world) leaves(by *instance, d *deploy, more map[string]string) docker.Container {
	w.Helper()
	run := page("new", d.port)
	spec := run.spec()
	spec.Name, spec.Labels = d.unique, map[string]string{
		labelSite: w.repo.URL, labelPort: fmt.Sprint(d.port), labelOwner: by.name, labelDeploy: d.unique, labelName: d.name}
	if more[labelCandidate] == "true" {
		spec.Name += candidateSuffix
	} else {
		spec.Ports = docker.Ports{"80/tcp": {{Port: d.port}}}
	}
	for name, value := range more {
		spec.Labels[name] = value
	}
	c, err := w.engine.Run(w.Context(), spec, nil)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// stoppedOld deploys a page that a takeover has stopped.
func (w *world) stoppedOld(port int) docker.Container {
	w.Helper()
	w.completes(w.runs(page("old", port), Probe{}))
	c, err := w.engine.Container(w.Context(), strings.Fields(w.mine()[0])[1])
	if err != nil {
		w.Fatal(err)
	}
	now := 0
	if err := w.api.ContainerStop(w.Context(), c.ID, containertypes.StopOptions{Timeout: &now}); err != nil {
		w.Fatal(err)
	}
	return c
}

// left checks that nothing of a dead hub is there but containers of those names.
func (w *world) left(dead *instance, names ...string) {
	w.Helper()
	all, err := w.engine.Labelled(w.Context(), map[string]string{labelOwner: dead.name})
	if err != nil {
		w.Fatal(err)
	}
	found := []string{}
	for _, c := range all {
		found = append(found, c.Name)
	}
	if fmt.Sprint(found) != fmt.Sprint(names) {
		w.Errorf("containers are left: %q, not %q", found, names)
	}
	if _, err := os.Stat(dead.folder); !errors.Is(err, os.ErrNotExist) {
		w.Errorf("its folder is left: %v", err)
	}
}

func TestACandidateThatIsLeftAloneBringsTheOldOneBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	old := w.stoppedOld(port)
	dead := w.deadHub()
	d := &deploy{unique: dockertest.Name("new"), port: port}
	w.leaves(dead, d, map[string]string{labelCandidate: "true", labelReplaces: old.ID})
	if err := errors.Join(dead.mark(d.unique, unproven), w.Recover(t.Context())); err != nil {
		t.Fatal(err)
	}
	w.until("it serves", func() bool { return get(port, "") == "old" })
	w.left(dead)
}

func TestAHubThatIsKilledAsItRollsBackLeavesTheOldOneToServe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	old := w.stoppedOld(port)
	other, err := New(w.o)
	if err != nil {
		t.Fatal(err)
	}
	d := &deploy{unique: dockertest.Name("new"), port: port, site: w.repo.URL, old: []docker.Container{old}, stopped: []string{old.ID}}
	d.final = w.leaves(other.instance, d, map[string]string{labelReplaces: old.ID})
	if err := other.instance.mark(d.unique, takeover); err != nil {
		t.Fatal(err)
	}
	killed, kill := context.WithCancel(t.Context())
	kill()
	k := w.completes(w.own(Stage{Step: Shell{Cmd: "true"}}))
	r := newRun(other, other.newRecord(Definition{}), k)
	r.deploy = d
	if r.rollBack(killed) {
		t.Error("it says that the old one serves")
	}
	other.instance.lock.Close()
	if err := w.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.until("it serves", func() bool { return get(port, "") == "old" })
	w.left(other.instance)
}

func TestATakeoverThatIsEndedGivesItsNameToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	for _, word := range []string{takeover, proven} {
		port := sitePort(t)
		old := w.stoppedOld(port)
		dead := w.deadHub()
		d := &deploy{unique: dockertest.Name("new"), name: old.Name, port: port}
		w.leaves(dead, d, map[string]string{labelReplaces: old.ID})
		w.leaves(dead, d, map[string]string{labelReplaces: old.ID, labelCandidate: "true"})
		if err := errors.Join(dead.mark(d.unique, word), w.Recover(t.Context())); err != nil {
			t.Fatal(err)
		}
		w.until("it serves", func() bool { return get(port, "") == "new" })
		w.left(dead, old.Name)
		w.removeSite(w.repo.URL)
	}
}

func TestWhatCannotBeRecoveredHoldsUpNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	f := w.faulty()
	dead := f.deadHub()
	var first docker.Container
	for range 3 { // the newest is listed first
		d := &deploy{unique: dockertest.Name("new"), port: sitePort(t)}
		first = f.leaves(dead, d, map[string]string{labelCandidate: "true"})
	}
	f.fail("DELETE", first.ID)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := f.Recover(ctx); err == nil {
		t.Error("the engine's error is not told")
	}
	if all, err := w.engine.Labelled(t.Context(), map[string]string{labelOwner: dead.name}); err != nil || len(all) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	f.fail("", "")
	if err := f.Recover(ctx); err != nil {
		t.Error(err)
	}
	f.left(dead)
}
