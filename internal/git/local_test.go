package git

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// state is each file of a folder with its content, mode and time.
func state(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		text, _ := os.ReadFile(path)
		found[path] = info.Mode().String() + info.ModTime().String() + string(text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// workingTree is a folder with a repository in its .git, as somebody works in it.
func workingTree(t *testing.T) (folder, commit string) {
	t.Helper()
	r := site(t, map[string]string{"index.html": "committed"})
	folder = filepath.Join(t.TempDir(), "work tree")
	if err := os.CopyFS(filepath.Join(folder, ".git"), os.DirFS(r.Folder)); err != nil {
		t.Fatal(err)
	}
	return folder, r.Head()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAWorkingTreeGivesWhatIsCommittedAndStaysAsItIs(t *testing.T) {
	folder, commit := workingTree(t)
	write(t, filepath.Join(folder, "index.html"), "changed")
	write(t, filepath.Join(folder, "new"), "never added")
	write(t, filepath.Join(folder, ".git/index"), "an index of a kind that is not known")
	before := state(t, folder)
	for _, path := range []string{folder, folder + "/", folder + "/.git", folder + "/../work tree"} {
		url := "file://" + strings.ReplaceAll(path, " ", "%20") // which a plain path cannot hold
		c := cloneOf(t, Spec{URL: url, Local: LocalRoots{filepath.Dir(folder)}})
		if diff := cmp.Diff(map[string]string{"index.html": "committed"}, c.content(t)); c.err != nil || c.commit != commit || diff != "" {
			t.Errorf("%s: %s, %v %s", url, c.commit, c.err, diff)
		}
	}
	if diff := cmp.Diff(before, state(t, folder)); diff != "" {
		t.Errorf("the repository was changed: %s", diff)
	}
}

func TestARepositoryOfThisHostIsClonedWithoutTheGitCommand(t *testing.T) {
	r := site(t, map[string]string{"a": "1"})
	r.Tag("v1")
	t.Setenv("PATH", t.TempDir())
	before := state(t, r.Folder)
	for _, ref := range []string{"", "main", "v1"} {
		if c := cloneOf(t, Spec{URL: r.Folder, Ref: ref, Local: LocalRoots{r.Folder}}); c.err != nil {
			t.Error(c.err)
		}
	}
	if diff := cmp.Diff(before, state(t, r.Folder)); diff != "" {
		t.Errorf("the repository was changed: %s", diff)
	}
}

func TestPackedRepositoriesAreReadToo(t *testing.T) {
	r := site(t, map[string]string{"a": strings.Repeat("1", 9999)})
	r.Commit(map[string]string{"a": strings.Repeat("1", 9998) + "2"})
	r.Git("tag", "-a", "-m", "x", "v1")
	r.Git("pack-refs", "--all")
	r.Git("gc", "-q", "--aggressive", "--prune=now")
	for _, ref := range []string{"", "v1", r.Head()} {
		if c := cloneOf(t, Spec{URL: r.Folder, Ref: ref, Local: LocalRoots{"/"}}); c.err != nil || len(c.content(t)["a"]) != 9999 {
			t.Error(c.err)
		}
	}
}

func TestFoldersOfThisHostAreClonedWhereTheyAreAllowed(t *testing.T) {
	r := site(t, map[string]string{"a": "1"})
	top := t.TempDir()
	link, inner := filepath.Join(top, "link"), filepath.Join(top, "inner")
	if err := os.Symlink(r.Folder, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(r.Folder, filepath.Join(inner, ".git")); err != nil {
		t.Fatal(err)
	}
	alias := filepath.Join(t.TempDir(), "alias")
	if err := os.Symlink(filepath.Dir(r.Folder), alias); err != nil {
		t.Fatal(err)
	}
	for _, allowed := range []Spec{
		{URL: r.Folder, Local: LocalRoots{"/"}},
		{URL: "file://" + r.Folder, Local: LocalRoots{"/none", filepath.Dir(r.Folder)}},
		{URL: link, Local: LocalRoots{top, filepath.Dir(r.Folder)}},
		{URL: inner, Local: LocalRoots{top, filepath.Dir(r.Folder)}},
		{URL: alias + "/site.git", Local: LocalRoots{alias}},
		{URL: r.Folder, Local: LocalRoots{alias}},
	} {
		if c := cloneOf(t, allowed); c.err != nil || c.commit != r.Head() {
			t.Errorf("%+v: %v", allowed, c.err)
		}
	}
	for _, refused := range []Spec{
		{URL: r.Folder},
		{URL: "file://" + r.Folder, Local: LocalRoots{}},
		{URL: r.Folder, Local: LocalRoots{top}},
		{URL: top + "/../" + strings.TrimPrefix(r.Folder, "/"), Local: LocalRoots{top}},
		{URL: r.Folder + "-other", Local: LocalRoots{r.Folder}},
		{URL: link, Local: LocalRoots{top}},
		{URL: inner, Local: LocalRoots{top}},
		{URL: "/none", Local: LocalRoots{top}}, // which says nothing of whether it is there
	} {
		c := cloneOf(t, refused)
		c.failed(t, ErrForbidden, "cannot")
		if field := c.err.(*Error).Field; field != "repo_url" {
			t.Errorf("the wrong field is %q", field)
		}
	}
}

func TestFoldersThatAreNoRepositoriesSaySo(t *testing.T) {
	further := t.TempDir()
	write(t, filepath.Join(further, ".git"), "gitdir: /srv/site/.git/worktrees/further\n")
	empty := t.TempDir()
	strange := t.TempDir()
	for _, dir := range []string{"objects", "refs"} {
		if err := os.Mkdir(filepath.Join(strange, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(strange, "HEAD"), "ref: refs/heads/main\n")
	write(t, filepath.Join(strange, "config"), "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n")
	plain := filepath.Join(empty, "file")
	write(t, plain, "")
	for url, said := range map[string]string{
		empty: "cannot be read as a git repository", filepath.Join(empty, "none"): "there is no such folder", further: "name the repository itself",
		strange: "cannot be read as a git repository", plain: "there is no such folder",
	} {
		cloneOf(t, Spec{URL: url, Local: LocalRoots{"/"}}).failed(t, ErrNotFound, "cannot clone "+url, said)
	}
}
