package pipeline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hub/internal/docker/dockertest"
)

// base is the Dockerfile's line that all images of the tests begin with.
const base = "FROM " + dockertest.Base + "\n"

func TestTheRepositorysOwnDockerfileIsBuiltWhereItIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{files: map[string]string{
		"docker/web.Dockerfile": base + "COPY . /site\n", ".dockerignore": "secret\n", "secret": "not for the image", "index.html": "hello", "docker/x": "",
	}})
	d := w.define(HTMLSite{RepoURL: w.repo.URL, DockerhubRepo: dockertest.Name("team/site"), HostPort: 8080, Dockerfile: "docker/web.Dockerfile"}, upToBuild)
	k := w.completes(d)
	files := w.filesOf(w.events.stage(k.ID(), "build", "completed")["image_id"].(string), "/site")
	want := map[string]string{"docker/web.Dockerfile": base + "COPY . /site\n", ".dockerignore": "secret\n", "index.html": "hello", "docker/x": ""}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Error(diff)
	}
}

func TestABuildHasAFolderArgumentsAndATarget(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{files: map[string]string{
		"app/Dockerfile": base + "ARG COLOUR\nARG API_TOKEN\nRUN echo $COLOUR > /colour\nFROM " + dockertest.Base + " AS first\nCOPY . /app\nCOPY --from=0 /colour /app/\nFROM first\nRUN false\n",
		"app/a":          "a", "b": "b",
	}})
	k := w.completes(w.own(
		Stage{Step: Clone{RepoURL: w.repo.URL}},
		Stage{Name: "image", Step: Build{Context: "app", Args: map[string]string{"COLOUR": "teal", "API_TOKEN": "abcdef"}, Target: "first"}},
	))
	done := w.events.stage(k.ID(), "image", "completed")
	holds(t, done, `{"kind":"build","repo_tag":"","build_args":{"COLOUR":"teal","API_TOKEN":"***"}}`)
	files := w.filesOf(done["image_id"].(string), "/app")
	delete(files, "Dockerfile")
	if diff := cmp.Diff(map[string]string{"a": "a", "colour": "teal\n"}, files); diff != "" {
		t.Error(diff)
	}
	image, err := w.api.ImageInspect(t.Context(), done["image_id"].(string))
	if err != nil || len(image.RepoTags) != 1 || !strings.HasPrefix(image.RepoTags[0], keptNames) {
		t.Errorf("a build without a name has one: %v, %v", image.RepoTags, err)
	}
}

func TestABuildThatFailsIsTheStagesErrorAndLeavesNothing(t *testing.T) {
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "RUN echo compiling; exit 3\n", "nobase": "FROM hub-test/nosuch:1\n"}})
	name := dockertest.Name("team/site")
	old := dockertest.Build(t, dockertest.Engine(t), base+"LABEL was=there\n", name+":latest")
	for _, one := range []struct {
		build Build
		words []string
	}{
		{Build{RepoTag: name}, []string{"exit 3", "returned a non-zero code: 3"}},
		{Build{Dockerfile: "nosuch"}, []string{"nosuch"}},
		{Build{Context: "nosuch"}, []string{"the repository has no folder nosuch"}},
		{Build{Context: "Dockerfile"}, []string{"the repository has no folder Dockerfile"}},
	} {
		before := w.look()
		k := w.fails(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: one.build}), "build", one.words...)
		w.same(before)
		w.keeps(before, 0, 1)
		if i, _ := w.Info(k.ID()); i.RetryFrom != "build" {
			t.Errorf("%+v", i)
		}
		if said := w.events.lines(k.ID(), "build"); one.build.Context+one.build.Dockerfile == "" && !strings.Contains(said, "\ncompiling\n") {
			t.Errorf("%q", said)
		}
	}
	if now := w.look().Names[name+":latest"]; now != old {
		t.Errorf("%s stands for %q now", name, now)
	}
	_, _ = w.api.ImageRemove(t.Context(), name, forced)
}

func TestABuildIsRetriedWithTheFilesOfItsCommit(t *testing.T) {
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "COPY version /\nRUN cat /version; exit 1\n", "version": "one\n"}})
	commit := w.repo.Head()
	k := w.fails(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{}}), "build")
	w.repo.Commit(map[string]string{"version": "two"})
	requests := w.git.Requests()
	again := w.retry(k.ID(), Retry{})
	w.failed(again, "build")
	if said := w.events.lines(again.ID(), "build"); !strings.Contains(said, "\none\n") {
		t.Errorf("%q", said)
	}
	holds(t, w.events.stage(again.ID(), "clone", "completed"), `{"reused":true,"commit":"`+commit+`"}`)
	if n := w.git.Requests(); n != requests {
		t.Errorf("%d fetches more", n-requests)
	}
}
