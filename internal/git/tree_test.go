package git

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"

	"hub/internal/git/gittest"
)

// crafted writes objects that the git command would refuse to make.
type crafted struct {
	t     *testing.T
	repo  *gittest.Repo
	store *filesystem.Storage
}

func craft(t *testing.T) crafted {
	r := site(t, nil)
	return crafted{t, r, filesystem.NewStorage(osfs.New(r.Folder), cache.NewObjectLRUDefault())}
}

func (c crafted) object(kind plumbing.ObjectType, content string) plumbing.Hash {
	c.t.Helper()
	o := c.store.NewEncodedObject()
	o.SetType(kind)
	w, err := o.Writer()
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	id, failed := c.store.SetEncodedObject(o)
	if err != nil || failed != nil {
		c.t.Fatal(err, failed)
	}
	return id
}

// entry is one of a tree: its mode, its name and what it is.
func entry(mode, name string, id plumbing.Hash) string {
	return mode + " " + name + "\x00" + string(id[:])
}

func (c crafted) tree(entries ...string) plumbing.Hash {
	return c.object(plumbing.TreeObject, strings.Join(entries, ""))
}

// push makes the tree the newest commit.
func (c crafted) push(tree plumbing.Hash) {
	commit := c.object(plumbing.CommitObject, fmt.Sprintf("tree %s\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\nx\n", tree))
	c.repo.Git("update-ref", "refs/heads/main", commit.String())
}

func TestNamesAndLinksThatLeadOutAreNeverFollowed(t *testing.T) {
	c := craft(t)
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.MkdirAll(outside, 0o755); err != nil {
		t.Fatal(err)
	}
	file := c.object(plumbing.BlobObject, "planted")
	link := c.object(plumbing.BlobObject, outside)
	within := c.tree(entry("100644", "planted", file))
	hook := c.tree(entry("40000", "hooks", c.tree(entry("100755", "post-checkout", file))))
	for what, tree := range map[string]plumbing.Hash{
		"up":                  c.tree(entry("100644", "..", file)),
		"up and in":           c.tree(entry("40000", "..", within)),
		"here":                c.tree(entry("40000", ".", within)),
		"no name":             c.tree(entry("100644", "", file)),
		"a path":              c.tree(entry("100644", "../planted", file)),
		"a whole path":        c.tree(entry("100644", outside+"/planted", file)),
		"git's folder":        c.tree(entry("40000", ".git", hook)),
		"git's folder, large": c.tree(entry("40000", ".GIT", hook)),
		"git's, on windows":   c.tree(entry("40000", "git~1", hook)),
		"git's, further in":   c.tree(entry("40000", "a", c.tree(entry("40000", ".git", hook)))),
		"git's file":          c.tree(entry("100644", ".git", file)),
		"git's link":          c.tree(entry("120000", ".git", link)),
		"a link, and within":  c.tree(entry("120000", "a", link), entry("40000", "a", within)),
		"within, and a link":  c.tree(entry("40000", "a", within), entry("120000", "a", link)),
		"a link, and a file":  c.tree(entry("120000", "a", c.object(plumbing.BlobObject, outside+"/planted")), entry("100644", "a", file)),
	} {
		c.push(tree)
		for _, url := range []string{c.repo.URL, c.repo.Folder} {
			got := cloneOf(t, Spec{URL: url, Local: LocalRoots{"/"}})
			if planted, err := os.ReadDir(outside); err != nil || len(planted) != 0 {
				t.Fatalf("%s: %v, %v", what, planted, err)
			}
			for name := range got.content(t) {
				if strings.HasPrefix(strings.ToLower(name), ".git/") || strings.Contains(name, "/.git") {
					t.Errorf("%s: %s is there", what, name)
				}
			}
			if above, err := os.ReadDir(filepath.Dir(got.files)); err != nil || len(above) != 1 {
				t.Errorf("%s: beside the files are %v, %v", what, above, err)
			}
			if bad := strings.Contains(what, "git") || strings.HasPrefix(what, "up"); bad && len(got.content(t)) > 0 {
				t.Errorf("%s: there are %v", what, got.content(t))
			}
			if got.err != nil {
				got.failed(t, ErrRemote, "cannot clone "+url)
			}
		}
	}
}

func TestTreesThatAreTooManyFilesAreRefusedBeforeTheFirst(t *testing.T) {
	c := craft(t)
	file := c.object(plumbing.BlobObject, "x")
	level := entry("100644", "f", file)
	for range 12 { // a billion files in a dozen trees
		tree := c.tree(level)
		level = ""
		for i := range 10 {
			level += entry("40000", fmt.Sprint(i), tree)
		}
	}
	bomb := c.tree(level)
	long := c.tree(entry("100644", "f", file))
	for range 30 {
		long = c.tree(entry("40000", strings.Repeat("d", 200), long))
	}
	deep := c.tree(entry("100644", "f", file))
	for range 1100 {
		deep = c.tree(entry("40000", "d", deep))
	}
	for tree, said := range map[plumbing.Hash]string{bomb: "more than 200000 files", long: "a path of more than 4000 bytes", deep: "more than 1000 folders in each other"} {
		c.push(tree)
		for _, url := range []string{c.repo.URL, c.repo.Folder} {
			got := cloneOf(t, Spec{URL: url, Local: LocalRoots{"/"}})
			got.failed(t, ErrRemote, said)
			if files := got.content(t); len(files) > 0 {
				t.Errorf("%d files are there", len(files))
			}
		}
	}
}

func TestFilesAreNoMoreThanTheLimit(t *testing.T) {
	files := map[string]string{}
	for i := range 40 {
		files[fmt.Sprint(i)] = strings.Repeat("x", 1<<16) // little to send, much to write
	}
	r := site(t, files)
	for _, url := range []string{r.URL, r.Folder} {
		s := Spec{URL: url, Local: LocalRoots{"/"}, Limit: 1 << 20}
		cloneOf(t, s).failed(t, ErrRemote, "cannot clone "+url, "its files are more than 1MiB")
		s.Limit = 4 << 20
		if c := cloneOf(t, s); c.err != nil {
			t.Error(c.err)
		}
	}
}
