package pipeline

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hub/internal/docker/dockertest"
)

func TestASiteIsDeployedFromItsRepositoryToItsPort(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	s := w.site()
	k := w.completes(w.define(s, allStages))

	want := []string{}
	for _, name := range []string{"clone", "build", "login", "push", "pull", "run", "probe"} {
		want = append(want, name+" starting", name+" completed")
	}
	if diff := cmp.Diff(want, w.events.stages(k.ID())); diff != "" {
		t.Error(diff)
	}
	repoTag := s.DockerhubRepo + ":latest"
	url := fmt.Sprintf("http://localhost:%d/", s.HostPort)
	for _, one := range []struct{ stage, before, after string }{
		{"clone", `{"repo_url":"` + w.repo.URL + `"}`, `{"exit_code":0,"commit":"` + w.repo.Head() + `"}`},
		{"build", `{"repo_tag":"` + repoTag + `"}`, `{"image_id":"~^sha256:[0-9a-f]{64}$","steps":3}`},
		{"login", `{"registry":"` + w.registry.Host + `"}`, `{"username":"builder","detail":"Login Succeeded"}`},
		{"push", `{"repo_tag":"` + repoTag + `"}`, `{"digest":"~^sha256:[0-9a-f]{64}$"}`},
		{"pull", `{"name":"` + s.DockerhubRepo + `","tag":"latest"}`, `{"digest":"~^sha256:[0-9a-f]{64}$"}`},
		{"run", fmt.Sprintf(`{"host_port":%d}`, s.HostPort), `{"container_id":"~^[0-9a-f]{64}$","name":"~^html-site-[0-9a-f]{6}$"}`},
		{"probe", `{"url":"` + url + `"}`, fmt.Sprintf(`{"status_code":200,"ok":true,"length":%d}`, len(siteFiles["index.html"]))},
	} {
		holds(t, w.events.stage(k.ID(), one.stage, "starting"), one.before)
		end := w.events.stage(k.ID(), one.stage, "completed")
		holds(t, end, one.before)
		holds(t, end, one.after)
		if took, ok := end["duration_sec"].(float64); !ok || took < 0 || took > 60 {
			t.Errorf("%s took %v", one.stage, end["duration_sec"])
		}
	}
	for stage, line := range map[string]string{
		"clone": "Enumerating objects: ", "build": "Step 2/4 : COPY site/", "push": ": Pushed", "pull": "Status: Image is up to date",
	} {
		if said := w.events.lines(k.ID(), stage); !strings.Contains(said, line) {
			t.Errorf("%s says %q", stage, said)
		}
	}

	served(t, s.HostPort, siteFiles)
	summary := k.Snapshot().Result
	var result map[string]any
	if err := json.Unmarshal(summary, &result); err != nil {
		t.Fatal(err)
	}
	run := w.events.stage(k.ID(), "run", "completed")
	holds(t, result, fmt.Sprintf(`{"status":"ok","repo_url":"%s","repo_tag":"%s","host_port":%d,"url":"%s","commit":"%s"}`, w.repo.URL, repoTag, s.HostPort, url, w.repo.Head()))
	holds(t, result["run"], fmt.Sprintf(`{"id":"%s","name":"%s","status":"running"}`, run["container_id"], run["name"]))
	holds(t, result["probe"], fmt.Sprintf(`{"status_code":200,"length":%d,"ok":true}`, len(siteFiles["index.html"])))
	for _, stage := range []string{"clone", "build", "login", "push", "pull", "run", "probe"} {
		if of, ok := result["stages"].(map[string]any)[stage].(map[string]any); !ok || of["duration_sec"] == nil {
			t.Errorf("the summary says of %s: %v", stage, of)
		}
	}
	id := w.events.stage(k.ID(), "build", "completed")["image_id"].(string)
	image, err := w.api.ImageInspect(t.Context(), id)
	if err != nil || image.Config.Labels[labelTask] != k.ID() {
		t.Errorf("%v, %v", image.Config.Labels, err)
	}
	container, err := w.api.ContainerInspect(t.Context(), run["container_id"].(string))
	if err != nil || container.Image != id || container.Config.Labels[labelSite] != w.repo.URL || container.Config.Labels[labelTask] != k.ID() {
		t.Errorf("%+v, %v", container, err)
	}
}

// holds checks that an object has at least what another has; a text that begins with "~" is a pattern of one.
func holds(t *testing.T, in any, want string) {
	t.Helper()
	object, _ := in.(map[string]any)
	var wanted map[string]any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err, want)
	}
	for key, value := range wanted {
		pattern, isText := value.(string)
		text, textThere := object[key].(string)
		if isText && textThere && strings.HasPrefix(pattern, "~") && regexp.MustCompile(pattern[1:]).MatchString(text) {
			continue
		}
		if !cmp.Equal(object[key], value) {
			t.Errorf("%s is %v, want %v, in %v", key, object[key], value, object)
		}
	}
}

// served checks that a site has these files.
func served(t *testing.T, port int, files map[string]string) {
	t.Helper()
	for name, content := range files {
		answer, err := http.Get(fmt.Sprintf("http://localhost:%d/%s", port, name))
		if err != nil {
			t.Error(err)
			continue
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || string(body) != content {
			t.Errorf("%s: %s %q %v", name, answer.Status, body, err)
		}
	}
}

func TestTheImageOfASiteHoldsTheRepositorysFilesAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	d := w.define(HTMLSite{RepoURL: w.repo.URL, DockerhubRepo: dockertest.Name("team/site"), HostPort: 8080}, upToBuild)
	k := w.completes(d)
	if diff := cmp.Diff(siteFiles, w.filesOf(w.events.stage(k.ID(), "build", "completed")["image_id"].(string), "/usr/share/nginx/html")); diff != "" {
		t.Error(diff)
	}
}
