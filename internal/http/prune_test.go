package http

import (
	"fmt"
	"slices"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	imagetypes "github.com/docker/docker/api/types/image"

	"hub/internal/docker/dockertest"
)

// pruned is what an answer of prune lists.
func pruned(a map[string]any, what string) (list []string) {
	for _, one := range a[what+"_deleted"].([]any) {
		list = append(list, one.(string))
	}
	return list
}

// The label keeps what other tests, and the machine's user, have.
func TestPruneRemovesWhatNobodyUsesAndSaysWhatThatFreed(t *testing.T) {
	h := startDockerHub(t)
	mark := dockertest.Name("mark")
	labels := map[string]any{"prune": mark}
	only := func(more map[string]any) map[string]any { more["labels"] = labels; return more }

	done := h.run("/docker/run", map[string]any{"command": "sh -c 'head -c 50000 /dev/zero > /tmp/x'", "detach": false, "labels": labels})
	runs := h.run("/docker/run", map[string]any{"labels": labels})
	idle, used, kept := h.network(), h.network(), h.volume()
	h.must("/docker/network/create", map[string]any{"name": idle, "labels": labels})
	h.must("/docker/network/create", map[string]any{"name": used, "labels": labels})
	h.must("/docker/network/connect", map[string]any{"network": used, "container": runs["name"]})
	h.filled(kept, map[string]string{"prune": mark})

	dry := h.must("/docker/prune", only(map[string]any{"dry_run": true}))
	if dry["dry_run"] != true || fmt.Sprint(pruned(dry, "containers"), pruned(dry, "networks")) != fmt.Sprintf("[%s] [%s]", done["id"], idle) || dry["space_reclaimed"].(float64) < 50_000 {
		t.Errorf("%v", dry)
	}
	if named(h.list("/docker/network/list"), idle) == nil {
		t.Fatal("a dry run removed something")
	}
	if a := h.must("/docker/prune", only(map[string]any{"containers": false, "images": false, "networks": false})); len(pruned(a, "containers"))+len(pruned(a, "networks")) > 0 {
		t.Fatalf("what nobody chose has gone: %v", a)
	}
	a := h.must("/docker/prune", only(map[string]any{}))
	if a["dry_run"] != false || fmt.Sprint(pruned(a, "containers"), pruned(a, "networks")) != fmt.Sprintf("[%s] [%s]", done["id"], idle) || a["space_reclaimed"].(float64) < 50_000 || len(pruned(a, "volumes")) > 0 {
		t.Errorf("%v", a)
	}
	if h.listed("?all=true", done["id"]) != nil || h.listed("", runs["id"]) == nil || named(h.list("/docker/network/list"), idle) != nil || named(h.list("/docker/network/list"), used) == nil {
		t.Error("too much has gone, or too little")
	}

	if a := h.must("/docker/prune", only(map[string]any{"volumes": true})); len(pruned(a, "volumes")) > 0 {
		t.Errorf("a volume with a name has gone: %v", a)
	}
	for _, dryRun := range []bool{true, false} {
		a := h.must("/docker/prune", only(map[string]any{"named_volumes": true, "dry_run": dryRun}))
		if fmt.Sprint(pruned(a, "volumes")) != "["+kept+"]" || a["space_reclaimed"].(float64) < 100_000 || len(pruned(a, "containers")) > 0 {
			t.Errorf("dry run %v: %v", dryRun, a)
		}
	}
	if named(h.list("/docker/volume/list"), kept) != nil {
		t.Error("the volume is still there")
	}
}

func TestPruneByAgeLeavesWhatIsYounger(t *testing.T) {
	h := startDockerHub(t)
	labels := map[string]any{"prune": dockertest.Name("mark")}
	done := h.run("/docker/run", map[string]any{"command": "true", "detach": false, "labels": labels})
	for _, until := range []string{"1h", time.Now().Add(-time.Minute).Format(time.RFC3339)} {
		for _, dryRun := range []bool{true, false} {
			if a := h.must("/docker/prune", map[string]any{"labels": labels, "until": until, "dry_run": dryRun}); len(pruned(a, "containers")) > 0 {
				t.Errorf("%s: %v", until, a)
			}
		}
	}
	later := time.Now().Add(time.Hour).Format(time.RFC3339)
	if a := h.must("/docker/prune", map[string]any{"labels": labels, "until": later}); fmt.Sprint(pruned(a, "containers")) != fmt.Sprintf("[%s]", done["id"]) {
		t.Errorf("%v", a)
	}
}

func TestWhatPruneCannotChooseByIsRefused(t *testing.T) {
	h := startDockerHub(t)
	h.refused("/docker/prune", map[string]any{"until": "yesterday"}, 422, "until")
	h.refused("/docker/prune", map[string]any{"volumes": true, "until": "1h"}, 422, "until")
	h.refused("/docker/prune", map[string]any{"build_cache": true, "labels": map[string]any{"a": "b"}}, 422, "labels")
}

// An engine of its own: without a label everything goes.
func TestPruneWithoutABodyIsThatOfTheSystem(t *testing.T) {
	h := startDockerHubWith(t, dockerSetup{Host: dockertest.StartEngine(t).Host})
	image := dockertest.ImageOn(t, h.host)
	done := h.run("/docker/run-extended", map[string]any{"command": "true", "detach": false, "volumes": map[string]any{"named": map[string]any{"bind": "/data"}}})
	dangling := h.inspect(done["id"]).Image
	committed := h.run("/docker/run", map[string]any{"command": "touch /tmp/new", "detach": false})
	loose, err := h.api.ContainerCommit(t.Context(), committed["id"].(string), containertypes.CommitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r, text := h.raw("POST", "/docker/prune", "")
	if r.StatusCode != 200 {
		t.Fatalf("%d %s", r.StatusCode, text)
	}
	if left := h.list("/docker/containers?all=true"); len(left) > 0 {
		t.Errorf("%v", left)
	}
	images, err := h.api.ImageList(t.Context(), imagetypes.ListOptions{})
	if err != nil || len(images) != 1 || images[0].ID != dangling || !slices.Contains(images[0].RepoTags, image) {
		t.Errorf("%+v, %v: %s is to be gone, and nothing else", images, err, loose.ID)
	}
	if named(h.list("/docker/volume/list"), "named") == nil {
		t.Error("a volume has gone")
	}
	if a := h.must("/docker/prune", map[string]any{"build_cache": true}); len(pruned(a, "build_cache")) > 0 {
		t.Errorf("%v", a)
	}
}
