package pipeline

import (
	"fmt"
	"strings"
	"testing"
)

func TestAFirstDeployRunsOnItsPort(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	k := w.completes(w.runs(page("one", port), Probe{}))
	w.shows(port, "one")
	id := k.ID()
	run, probe := w.events.stage(id, "run", "completed"), w.events.stage(id, "probe", "completed")
	if begun := w.events.stage(id, "run", "starting"); begun["host_port"] != float64(port) {
		t.Errorf("%v", begun)
	}
	url := fmt.Sprintf("http://localhost:%d/", port)
	if begun := w.events.stage(id, "probe", "starting"); begun["url"] != url {
		t.Errorf("%v", begun)
	}
	if probe["url"] != url || probe["status_code"] != 200.0 || probe["length"] != 4.0 || probe["ok"] != true {
		t.Errorf("%v", probe)
	}
	c, err := w.engine.Container(t.Context(), run["container_id"].(string))
	if err != nil || c.Name != run["name"] || !strings.HasPrefix(c.Name, "page-") || len(c.Name) != len("page-")+6 || run["candidate"] != nil {
		t.Errorf("%v is %+v, %v", run, c, err)
	}
	for label, want := range map[string]string{labelSite: w.repo.URL, labelPort: fmt.Sprint(port), labelTask: id, labelOwner: w.instance.name} {
		if c.Labels[label] != want {
			t.Errorf("label %s is %q, not %q", label, c.Labels[label], want)
		}
	}
	if out := w.events.lines(id, "probe"); !strings.Contains(out, "serving one\n") || !strings.Contains(out, url+": 200 OK\n") {
		t.Errorf("the probe says:\n%s", out)
	}
	sum := k.Snapshot().Result
	for _, part := range []string{`"run":{"id":"` + c.ID + `","name":"` + c.Name + `","status":"running"}`, `"probe":{"length":4,"ok":true,"status_code":200}`, `"url":"` + url + `"`} {
		if !strings.Contains(string(sum), part) {
			t.Errorf("the summary has no %s: %s", part, sum)
		}
	}
	w.noMarks()
}

func TestADeployReplacesWhatServes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	w.completes(w.runs(page("one", port), Probe{}))
	before := w.mine()
	k := w.completes(w.runs(page("two", port), Probe{}))
	w.shows(port, "two")
	after := w.mine()
	run := w.events.stage(k.ID(), "run", "completed")
	if len(after) != 1 || after[0] == before[0] || !strings.Contains(after[0], run["container_id"].(string)) {
		t.Errorf("before %q, after %q, %v", before, after, run)
	}
	tried, _ := run["candidate"].(map[string]any)
	if tried["id"] == nil || tried["id"] == run["container_id"] || tried["port"] == float64(port) {
		t.Errorf("%v", run)
	}
	want := []string{"run starting", "run completed", "probe starting", "probe completed"}
	if got := w.events.stages(k.ID()); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("stages are %q", got)
	}
	w.noMarks()
}

func TestACandidateThatFailsLeavesTheOldOneServing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	w.completes(w.runs(page("one", port), Probe{}))
	before := w.mine()
	watch := w.watch(port)
	w.rolledBack(w.start(w.runs(fault(port), soon)), "probe", "did not answer", `"500 Internal Server Error"`, "within 1s", "container's lines above", "longer timeout")
	w.rolledBack(w.start(w.runs(dead(port), soon)), "probe", "did not answer")
	exits := dead(port)
	exits.Command = []string{"sh", "-c", "echo cannot go on; exit 7"}
	k := w.start(w.runs(exits, Probe{}))
	w.rolledBack(k, "probe", "exited with 7")
	if out := w.events.lines(k.ID(), "probe"); !strings.Contains(out, "cannot go on\n") {
		t.Errorf("the probe says:\n%s", out)
	}
	if refused := watch(); refused.longest > 0 {
		t.Errorf("the old one did not serve for %s", refused.longest)
	}
	w.shows(port, "one")
	w.stays(before)
}

func TestAFailedFirstDeployLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	k := w.fails(w.runs(fault(port), soon), "probe", "did not answer", fmt.Sprintf("http://localhost:%d/", port))
	failed := w.events.stage(k.ID(), "probe", "error")
	if failed["status_code"] != 500.0 || failed["ok"] != false {
		t.Errorf("%v", failed)
	}
	w.stays(nil)
	none := page("none", port)
	none.Command = []string{"/nothing"}
	w.fails(w.runs(none, soon), "run", "/nothing")
	w.stays(nil)
}

func TestARunWithoutAProbeMustStayUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	k := w.completes(w.own(Stage{Step: page("one", port)}))
	if out := w.events.lines(k.ID(), "run"); !strings.Contains(out, "serving one\n") {
		t.Errorf("the run says:\n%s", out)
	}
	before := w.mine()
	exits := dead(port)
	exits.Command = []string{"sh", "-c", "sleep 0.3; exit 3"}
	w.rolledBack(w.start(w.own(Stage{Step: exits})), "run", "exited with 3")
	w.shows(port, "one")
	w.stays(before)
	k = w.completes(w.own(Stage{Step: page("two", port)}))
	w.shows(port, "two")
	if all := w.mine(); len(all) != 1 || !strings.Contains(all[0], w.events.stage(k.ID(), "run", "completed")["container_id"].(string)) {
		t.Errorf("%q", all)
	}
}

func TestASiteMovesToAnotherPort(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	here, there := sitePort(t), sitePort(t)
	w.completes(w.runs(page("here", here), Probe{}))
	before := w.mine()
	w.rolledBack(w.start(w.runs(fault(there), soon)), "probe")
	w.shows(here, "here")
	w.stays(before)
	w.completes(w.runs(page("there", there), Probe{}))
	w.shows(there, "there")
	if taken(here) || len(w.mine()) != 1 {
		t.Errorf("the old port is taken: %t; %q", taken(here), w.mine())
	}
}

func TestAContainerKeepsTheNameThatIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	other := w.foreign(sitePort(t), nil)
	for _, text := range []string{"one", "two", "three"} {
		run := page(text, port)
		run.Name = "named-" + w.instance.name
		k := w.completes(w.runs(run, Probe{}))
		w.shows(port, text)
		c, err := w.engine.Container(t.Context(), run.Name)
		if said := w.events.stage(k.ID(), "run", "completed"); err != nil || c.Name != run.Name || said["name"] != run.Name || said["container_id"] != c.ID {
			t.Errorf("%+v, %v, %v", c, err, said)
		}
	}
	before := w.mine()
	run := page("four", port)
	run.Name = other.Name
	k := w.start(w.own(Stage{Step: Shell{Cmd: "true"}}, Stage{Step: run}))
	w.failed(k, "run", other.Name, "choose another name")
	if got := w.events.stages(k.ID()); got[0] != "run starting" {
		t.Errorf("found after %q", got)
	}
	w.stays(before)
}

func TestSeveralContainersAreDeployedByOneRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	site, api := sitePort(t), sitePort(t)
	both := func(text string, second Run) Definition {
		return w.own(Stage{"site", page("site "+text, site)}, Stage{"ask-site", Probe{}}, Stage{"api", second}, Stage{"ask-api", soon})
	}
	w.completes(both("1", page("api 1", api)))
	w.completes(both("2", page("api 2", api)))
	w.shows(site, "site 2")
	w.shows(api, "api 2")
	if all := w.mine(); len(all) != 2 {
		t.Errorf("%q", all)
	}
	// What has had its answer stays; the one that has not is taken back.
	w.rolledBack(w.start(both("3", fault(api))), "ask-api")
	w.shows(site, "site 3")
	w.shows(api, "api 2")
	if all := w.mine(); len(all) != 2 {
		t.Errorf("%q", all)
	}
	w.removeSite(w.repo.URL + "/site")
	w.removeSite(w.repo.URL + "/api")
	w.noMarks()
}
