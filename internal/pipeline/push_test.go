package pipeline

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hub/internal/docker/dockertest"
)

func TestAPushThatFailsIsRetriedWithoutCloneAndBuild(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	s := w.site()
	commit := w.repo.Head()
	before := w.look()
	w.events.whenStage("login", "completed", w.registry.Stop)
	k := w.fails(w.define(s, upToPull), "push", "cannot push "+s.DockerhubRepo+":latest", "connection refused")
	w.same(before)
	w.keeps(before, 1, 1)

	w.registry.Start()
	w.repo.Commit(map[string]string{"index.html": "not yet"})
	requests := w.git.Requests()
	again := w.retry(k.ID(), Retry{})
	w.completed(again)
	want := []string{"clone reused", "build reused", "login reused", "push starting", "push completed", "pull starting", "pull completed"}
	if diff := cmp.Diff(want, w.events.stages(again.ID())); diff != "" {
		t.Error(diff)
	}
	if n := w.git.Requests(); n != requests {
		t.Errorf("%d fetches more", n-requests)
	}
	built := w.events.stage(k.ID(), "build", "completed")["image_id"].(string)
	holds(t, w.events.stage(again.ID(), "clone", "completed"), `{"commit":"`+commit+`"}`)
	holds(t, w.events.stage(again.ID(), "build", "completed"), `{"image_id":"`+built+`"}`)
	holds(t, w.events.stage(again.ID(), "pull", "completed"), `{"image_id":"`+built+`"}`)
	if diff := cmp.Diff(siteFiles, w.filesOf(built, "/usr/share/nginx/html")); diff != "" {
		t.Error(diff)
	}
	w.keeps(before, 1, 1)
	if now := w.look().Names[s.DockerhubRepo+":latest"]; now != built {
		t.Errorf("the name stands for %q", now)
	}
}

func TestAnImageThatHasChangedInTheRegistryIsNotTaken(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	s := w.site()
	name := s.DockerhubRepo + ":latest"
	for _, was := range []string{"there", "not there"} {
		if was == "there" {
			dockertest.Build(t, dockertest.Engine(t), base+"LABEL was=there\n", name)
		}
		before := w.look()
		w.events.whenStage("push", "completed", func() { w.pushBySomebodyElse(s.DockerhubRepo) })
		k := w.fails(w.define(s, upToPull), "pull", name+" is now sha256:", "that was pushed", "retry from push")
		pushed, pulled := w.events.stage(k.ID(), "push", "completed")["digest"], w.events.stage(k.ID(), "pull", "error")["digest"]
		if pushed == pulled || pushed == nil || pulled == nil {
			t.Errorf("pushed %v, pulled %v", pushed, pulled)
		}
		w.same(before)
		again := w.retry(k.ID(), Retry{From: "push"})
		w.completed(again)
		holds(t, w.events.stage(again.ID(), "pull", "completed"), `{"digest":"`+pushed.(string)+`"}`)
		_, _ = w.api.ImageRemove(t.Context(), name, forced)
	}
}

func TestAPullOfADigestThatIsNotThereFails(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	s := w.site()
	k := w.completes(w.define(s, upToPush))
	name, digest := s.DockerhubRepo+":latest", w.events.stage(k.ID(), "push", "completed")["digest"].(string)
	login := Stage{Step: Login{Registry: w.registry.Host, Username: w.registry.User, Password: w.registry.Password}}
	wrong := "sha256:" + strings.Repeat("0", 64)
	before := w.look()
	w.fails(w.own(login, Stage{Step: Pull{RepoTag: name, Digest: wrong}}), "pull", name+" is now "+digest, "not "+wrong+" that was asked for")
	w.same(before)
	w.completes(w.own(login, Stage{Step: Pull{RepoTag: name, Digest: digest}}))
	k = w.completes(w.own(login, Stage{Step: Pull{RepoTag: s.DockerhubRepo + "@" + digest}}))
	holds(t, w.events.stage(k.ID(), "pull", "completed"), `{"name":"`+s.DockerhubRepo+`","tag":"`+digest+`","digest":"`+digest+`"}`)
}

// pushBySomebodyElse has the registry know another image by the site's name, which this engine does not see.
func (w *world) pushBySomebodyElse(repo string) {
	w.Helper()
	host := dockertest.Engine(w)
	other := repo + ":other"
	dockertest.Build(w, host, base+"LABEL by=somebody\n", other)
	auth := w.registryAuth()
	stream, err := w.api.ImagePush(w.Context(), other, pushOptions(auth))
	if err != nil {
		w.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, stream)
	stream.Close()
	_, _ = w.api.ImageRemove(w.Context(), other, forced)

	path := "http://" + repo[:strings.IndexByte(repo, '/')] + "/v2" + repo[strings.IndexByte(repo, '/'):] + "/manifests/"
	const manifest = "application/vnd.docker.distribution.manifest.v2+json"
	ask := func(method, tag string, body io.Reader) *http.Response {
		r, _ := http.NewRequest(method, path+tag, body)
		r.SetBasicAuth(w.registry.User, w.registry.Password)
		r.Header.Set("Accept", manifest)
		r.Header.Set("Content-Type", manifest)
		answer, err := http.DefaultClient.Do(r)
		if err != nil || answer.StatusCode >= 300 {
			w.Fatalf("%s %s: %v %+v", method, tag, err, answer)
		}
		return answer
	}
	one := ask(http.MethodGet, "other", nil)
	defer one.Body.Close()
	ask(http.MethodPut, "latest", one.Body).Body.Close()
}
