package git

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hub/internal/git/gittest"
)

func TestARefIsABranchATagOrACommit(t *testing.T) {
	r := site(t, map[string]string{"at": "first"})
	first := r.Head()
	r.Tag("v1")
	r.Git("tag", "-a", "-m", "annotated", "v1.0")
	r.Git("tag", "-a", "-m", "annotated again", "v1.0.0", "v1.0")
	hidden := r.Commit(map[string]string{"at": "hidden"})
	second := r.Commit(map[string]string{"at": "second"})
	r.Git("checkout", "-q", "-b", "feature/x")
	third := r.Commit(map[string]string{"at": "third"})
	r.Tag("feature/y")
	r.Git("tag", "both", first)
	r.Git("branch", "both", second)
	r.Git("checkout", "-q", "main")
	type at struct{ commit, file string }
	commits := map[string]at{
		"": {second, "second"}, "main": {second, "second"}, "refs/heads/main": {second, "second"},
		"both": {second, "second"}, "refs/tags/both": {first, "first"},
		"feature/x": {third, "third"}, "feature/y": {third, "third"}, "refs/tags/feature/y": {third, "third"},
		"v1": {first, "first"}, "v1.0": {first, "first"}, "v1.0.0": {first, "first"}, first: {first, "first"}, hidden: {hidden, "hidden"},
	}
	for _, allowed := range []string{"true", "false"} { // to ask for any commit
		r.Git("config", "uploadpack.allowAnySHA1InWant", allowed)
		urls := []string{r.URL, r.Folder}
		if allowed == "false" {
			urls = urls[:1] // a folder is not asked
		}
		for _, url := range urls {
			s := Spec{URL: url, Local: LocalRoots{"/"}}
			for ref, want := range commits {
				s.Ref = ref
				c := cloneOf(t, s)
				if diff := cmp.Diff(map[string]string{"at": want.file}, c.content(t)); c.err != nil || c.commit != want.commit || diff != "" {
					t.Errorf("%s at %q, any commit %s: %s, %v %s", url, ref, allowed, c.commit, c.err, diff)
				}
			}
			for _, ref := range []string{"none", "refs/heads/none", strings.Repeat("1", 40)} {
				s.Ref = ref
				c := cloneOf(t, s)
				c.failed(t, ErrNotFound, s.Where(), "no branch, tag or commit "+ref)
				if field := c.err.(*Error).Field; field != "ref" {
					t.Errorf("%q: the wrong field is %q", ref, field)
				}
			}
		}
	}
}

func TestHistoryIsNotFetched(t *testing.T) {
	r := site(t, map[string]string{"a": "1"})
	old := r.Head()
	r.Commit(map[string]string{"a": "2"})
	kept := filepath.Join(t.TempDir(), "git")
	if _, err := Clone(t.Context(), Spec{URL: r.URL, Kept: kept, Files: filepath.Join(t.TempDir(), "files")}, nil); err != nil {
		t.Fatal(err)
	}
	if has, err := newStore(newFolder(kept, &meter{ctx: t.Context(), most: 1 << 20}, nil), 0).EncodedObject(1, hash(old)); err == nil {
		t.Errorf("the clone has %v", has.Hash())
	}
}

func TestFilesAreAsTheyWereCommittedAndNothingIsAdded(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 1<<18) // 4 MiB
	r := site(t, map[string]string{"index.html": "hello", "a/b/c d.txt": "deep", "run.sh": "#!/bin/sh\n", "large": large, "crlf": "a\r\nb\r\n", "ä/ö": "umlauts"})
	if err := os.Chmod(filepath.Join(r.Files, "run.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"passwd": "/etc/passwd", "up": "../../..", "nowhere": "none", "a/again": "b"} {
		if err := os.Symlink(target, filepath.Join(r.Files, link)); err != nil {
			t.Fatal(err)
		}
	}
	r.Commit(map[string]string{".gitattributes": "*.txt text eol=crlf\n", ".gitmodules": "[submodule \"lib\"]\n\tpath = lib\n\turl = http://127.0.0.1:1/lib\n"})
	r.Git("update-index", "--add", "--cacheinfo", "160000,"+r.Head()+",lib")
	r.Git("commit", "-q", "-m", "a submodule")
	for _, url := range []string{r.URL, r.Folder} {
		c := cloneOf(t, Spec{URL: url, Local: LocalRoots{"/"}})
		if c.err != nil {
			t.Fatal(c.err)
		}
		want := map[string]string{
			"index.html": "hello", "a/b/c d.txt": "deep", "run.sh": "#!/bin/sh\n", "large": large, "crlf": "a\r\nb\r\n", "ä/ö": "umlauts",
			"passwd": "→ /etc/passwd", "up": "→ ../../..", "nowhere": "→ none", "a/again": "→ b", "lib": "/",
			".gitattributes": "*.txt text eol=crlf\n", ".gitmodules": "[submodule \"lib\"]\n\tpath = lib\n\turl = http://127.0.0.1:1/lib\n",
		}
		if diff := cmp.Diff(want, c.content(t)); diff != "" {
			t.Errorf("%s: %s", url, diff)
		}
		run, err := os.Stat(filepath.Join(c.files, "run.sh"))
		if err != nil || run.Mode()&0o111 == 0 {
			t.Errorf("%v, %v", run, err)
		}
		index, err := os.Stat(filepath.Join(c.files, "index.html"))
		if err != nil || index.Mode()&0o111 != 0 {
			t.Errorf("%v, %v", index, err)
		}
	}
}

func TestProgressIsWhatTheServerSays(t *testing.T) {
	c := cloneOf(t, Spec{URL: site(t, map[string]string{"a": "1", "b": "2"}).URL})
	if c.err != nil || !strings.Contains(c.progress, "Counting objects: 100%") || !strings.Contains(c.progress, "\r") || !strings.HasSuffix(c.progress, "\n") {
		t.Errorf("%q, %v", c.progress, c.err)
	}
}

func TestFoldersThatHoldAnythingAreNotClonedInto(t *testing.T) {
	s := Spec{URL: site(t, nil).URL, Kept: t.TempDir(), Files: t.TempDir()}
	precious := filepath.Join(s.Files, "precious")
	if err := os.WriteFile(precious, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Clone(t.Context(), s, nil)
	cloned{err: err}.failed(t, ErrDisk, "not empty")
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

func TestAServerThatStoppedIsClonedFromWhenItIsBack(t *testing.T) {
	server := gittest.StartServer(t, gittest.Options{})
	r := server.Repo("site", map[string]string{"a": "1"})
	server.Stop()
	cloneOf(t, Spec{URL: r.URL}).failed(t, ErrRemote, "cannot clone "+r.URL, "nobody listens there")
	server.Start()
	if c := cloneOf(t, Spec{URL: r.URL}); c.err != nil || c.commit != r.Head() {
		t.Error(c.commit, c.err)
	}
}
