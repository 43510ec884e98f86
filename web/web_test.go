package web

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

// read returns the page's file of that name.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(Static(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryFileThatThePageNamesIsThere(t *testing.T) {
	names := regexp.MustCompile(`(?:href|src)="/assets/([^"]+)"`).FindAllStringSubmatch(read(t, "index.html"), -1)
	if len(names) == 0 {
		t.Fatal("index.html names no file")
	}
	for _, name := range names {
		read(t, name[1])
	}
}

func TestEveryImportedModuleIsThere(t *testing.T) {
	imports := regexp.MustCompile(`(?m)^(?:import|export)\s(?:[\w\s{},*$]+\sfrom\s)?['"]([^'"]+)['"];`)
	each(t, ".js", func(name, text string) {
		for _, found := range imports.FindAllStringSubmatch(text, -1) {
			if !strings.HasPrefix(found[1], ".") {
				t.Errorf("%s imports %q, which is not a file of ours", name, found[1])
				continue
			}
			read(t, path.Join(path.Dir(name), found[1]))
		}
	})
}

func TestThePageHasNothingThatItsSecurityPolicyForbids(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script>|<script [^>]*>[^<]|<base|javascript:|https?://`)
	if found := inline.FindString(read(t, "index.html")); found != "" {
		t.Errorf("index.html has %q", found)
	}
	markup := regexp.MustCompile(`\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function|setAttribute\('style'`)
	each(t, ".js", func(name, text string) {
		if found := markup.FindString(text); found != "" {
			t.Errorf("%s has %q: text must never become markup or code", name, found)
		}
	})
}

// each calls f with every file of that extension.
func each(t *testing.T, extension string, f func(name, text string)) {
	t.Helper()
	err := fs.WalkDir(Static(), ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && path.Ext(name) == extension {
			f(name, read(t, name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
