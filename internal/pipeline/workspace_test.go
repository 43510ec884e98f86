package pipeline

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
)

func TestAWorkspaceIsForTheHubAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	k := w.start(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, sh("wait", "pwd; sleep 1000")))
	w.until("it says where it is", func() bool { return w.events.lines(k.ID(), "wait") != "" })
	for _, folder := range append(w.look().Workspaces, w.instance.folder) {
		info, err := os.Stat(folder)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", folder, info.Mode(), err)
		}
	}
	w.cancel(k)
}

func TestALinkOfARepositoryLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("of the host"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "COPY . /www\n", "index.html": "x"}})
	for name, to := range map[string]string{"out": outside, "file": filepath.Join(outside, "secret"), "near": "index.html"} {
		if err := os.Symlink(to, filepath.Join(w.repo.Files, name)); err != nil {
			t.Fatal(err)
		}
	}
	w.repo.Commit(nil)
	clone := Stage{Step: Clone{RepoURL: w.repo.URL}}
	k := w.completes(w.own(clone, Stage{Step: Build{}}))
	files := w.filesOf(w.events.stage(k.ID(), "build", "completed")["image_id"].(string), "/www")
	if files["file"] != "-> "+filepath.Join(outside, "secret") || files["out"] != "-> "+outside || files["near"] != "-> index.html" {
		t.Errorf("%q", files)
	}
	w.fails(w.own(clone, Stage{Step: Build{Context: "out"}}), "build", "the repository has no folder out")
	w.fails(w.own(clone, Stage{Step: Build{Dockerfile: "file"}}), "build", "file")
}

func TestASecondCloneReplacesTheFilesOfTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	other := w.git.Repo("other", map[string]string{"only": "this"})
	k := w.completes(w.own(
		sh("before", "echo made > first; ls"), Stage{Step: Clone{RepoURL: w.repo.URL}},
		Stage{Name: "next", Step: Clone{RepoURL: other.URL}}, sh("after", "ls -A"),
	))
	if said := w.events.lines(k.ID(), "before") + w.events.lines(k.ID(), "after"); said != "first\nonly\n" {
		t.Errorf("%q", said)
	}
	if n := len(w.look().Workspaces); n != 1 {
		t.Errorf("%d workspaces", n)
	}
}

func TestFilesThatAreGoneAreMissedInWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base}})
	k := w.fails(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{RepoTag: dockertest.Name("team/site")}}, late), "late")
	for _, folder := range w.look().Workspaces {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	again := w.retry(k.ID(), Retry{From: "build"})
	w.failed(again, "build", "the files of the pipeline are gone, retry from its first stage")
	again = w.retry(again.ID(), Retry{From: "clone"})
	w.failed(again, "late")
}

func TestHubsShareAFolderAndKeepApart(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "made", "by the first")
	one, two := newWorld(t, options{Options: Options{Folder: folder}}), newWorld(t, options{Options: Options{Folder: folder}})
	if one.instance.folder == two.instance.folder || filepath.Dir(one.instance.folder) != filepath.Dir(two.instance.folder) {
		t.Errorf("%s and %s", one.instance.folder, two.instance.folder)
	}
	if left := two.instance.abandoned(); len(left) != 0 {
		t.Errorf("a living hub's folder is taken over: %+v", left)
	}
	k := one.fails(one.own(sh("one", "true"), late), "late")
	if err := two.Close(); err != nil {
		t.Error(err)
	}
	one.failed(one.retry(k.ID(), Retry{}), "late")
	if _, err := os.Stat(two.instance.folder); err == nil {
		t.Error("a closed hub's folder is there")
	}
	two.Runner, _ = New(two.o) // for the end of the test
}

func TestAFolderThatCannotBeIsAnErrorAtTheBeginning(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	o := w.o
	o.Folder = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(o.Folder, nil, fs.FileMode(0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := New(o); err == nil {
		t.Error("a file was taken for a folder")
	}
}

// What lies in a workspace is run, so nobody else may put files there.
func TestAFolderThatOthersCanWriteToIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := newInstance(filepath.Join(folder, "engine")); err == nil || !strings.Contains(err.Error(), "pipeline_folder") {
		t.Error(err)
	}
	theirs := t.TempDir()
	if err := os.Chown(theirs, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if _, err := newInstance(filepath.Join(theirs, "engine")); err == nil || !strings.Contains(err.Error(), "pipeline_folder") {
		t.Error(err)
	}
}

// A colon would end an entry of PATH, and a blank a word of make's.
func TestAWorkspacesPathMeansNothingToPrograms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	within, err := filepath.Rel(w.o.Folder, w.instance.folder)
	if err != nil || !regexp.MustCompile(`^[a-z0-9/]+$`).MatchString(within) {
		t.Errorf("%q, %v", within, err)
	}
}
