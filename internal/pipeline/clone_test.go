package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"hub/internal/git/gittest"
)

func TestARefIsABranchATagOrACommit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	first := w.repo.Head()
	w.repo.Tag("v1")
	second := w.repo.Commit(map[string]string{"index.html": "second"})
	w.repo.Branch("next")
	third := w.repo.Commit(map[string]string{"index.html": "third"})
	for ref, want := range map[string]struct{ commit, content string }{
		"": {third, "third"}, "main": {third, "third"}, "next": {second, "second"}, "v1": {first, siteFiles["index.html"]}, second: {second, "second"},
	} {
		k := w.completes(w.own(
			Stage{Step: Clone{RepoURL: w.repo.URL, Ref: ref}},
			Stage{Step: Shell{Cmd: `echo "$HUB_COMMIT"; cat index.html`}},
		))
		if said := w.events.lines(k.ID(), "shell"); said != strings.TrimSuffix(want.commit+"\n"+want.content, "\n")+"\n" {
			t.Errorf("%q is %q", ref, said)
		}
		if commit := w.events.stage(k.ID(), "clone", "completed")["commit"]; commit != want.commit {
			t.Errorf("%q is %s, want %s", ref, commit, want.commit)
		}
		if said := w.events.stage(k.ID(), "clone", "starting")["ref"]; ref != "" && said != ref {
			t.Errorf("%q is told as %v", ref, said)
		}
	}
}

func TestACloneThatFailsSaysWhatToDoAndLeavesNothing(t *testing.T) {
	w := newWorld(t, options{git: gittest.Options{User: "me", Password: "s3cret of git"}})
	closed := fmt.Sprintf("http://127.0.0.1:%d/site.git", freePort(t))
	for name, one := range map[string]struct {
		clone Clone
		words []string
	}{
		"unknown host":   {Clone{RepoURL: "http://nosuch.invalid/site.git"}, []string{"cannot clone http://nosuch.invalid/site.git: ", "nosuch.invalid"}},
		"nobody listens": {Clone{RepoURL: closed}, []string{"cannot clone " + closed + ": "}},
		"no repository":  {Clone{RepoURL: w.git.URL + "/nosuch.git", Username: "me", Password: "s3cret of git"}, []string{"there is no such repository"}},
		"no credentials": {Clone{RepoURL: w.repo.URL}, []string{"it wants a user and password"}},
		"wrong password": {Clone{RepoURL: w.repo.URL, Username: "me", Password: "guessed it"}, []string{"it does not take the user and password", "check them"}},
		"no such ref":    {Clone{RepoURL: w.repo.URL, Ref: "nosuch", Username: "me", Password: "s3cret of git"}, []string{"has no branch, tag or commit nosuch"}},
	} {
		before := w.look()
		d := w.own(Stage{Step: one.clone}, Stage{Step: Shell{Cmd: "echo not reached"}})
		k := w.fails(d, "clone", one.words...)
		w.gone(before)
		if code := w.events.stage(k.ID(), "clone", "error")["exit_code"]; code != 128.0 {
			t.Errorf("%s: the exit code is %v", name, code)
		}
		if i, _ := w.Info(k.ID()); i.RetryFrom != "clone" || i.Stages[1].Status != skipped {
			t.Errorf("%s: %+v", name, i)
		}
		for _, secret := range []string{"guessed", "s3cret"} {
			if strings.Contains(w.events.text(k.ID()), secret) {
				t.Errorf("%s: %s is shown:\n%s", name, secret, w.events.text(k.ID()))
			}
		}
	}
}

func TestAFailedCloneIsRetriedFromTheBeginning(t *testing.T) {
	w := newWorld(t, options{})
	before := w.look()
	w.git.Stop()
	k := w.fails(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Shell{Cmd: "cat index.html"}}), "clone", "cannot clone "+w.repo.URL)
	w.gone(before)
	w.git.Start()
	again := w.retry(k.ID(), Retry{})
	w.completed(again)
	if said := w.events.lines(again.ID(), "shell"); said != siteFiles["index.html"] {
		t.Errorf("%q", said)
	}
	w.keeps(before, 0, 1)
}

func TestFoldersOfTheHostAreClonedWhereThatIsAllowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	d := w.own(Stage{Step: Clone{RepoURL: w.repo.Folder}})
	if _, err := w.Start(d, ""); err == nil || !strings.Contains(err.Error(), "folders of this host are not cloned") {
		t.Errorf("%v", err)
	}
	allowed := newWorld(t, options{Options: Options{LocalRepos: []string{w.repo.Folder}}})
	k := allowed.completes(d)
	if commit := allowed.events.stage(k.ID(), "clone", "completed")["commit"]; commit != w.repo.Head() {
		t.Errorf("%v", commit)
	}
}
