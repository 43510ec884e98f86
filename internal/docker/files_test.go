package docker

import (
	"errors"
	"strings"
	"testing"
)

// oddNames are names of files that a shell, a tar or a URL might take for something
// else.
var oddNames = []string{
	"with space", "'quoted' \"twice\"", "-rf", "--no-preserve-root", "$(id)", "`id`", "a;b", "a&b|c>d", "new\nline", "tab\t", "*", "?", "~",
	"\\back\\slash", "ünïcödé ☃", "%2e%2e", "...", ".hidden", "#hash", "a?b=c&d", "BZh91AY", "trailing ", strings.Repeat("n", 200),
}

func TestAPathIsAbsoluteAndNeverLeadsUp(t *testing.T) {
	for given, want := range map[string]string{
		"/": "/", "/etc": "/etc", "/etc/": "/etc", "//etc//hosts": "/etc/hosts", "/./etc/.": "/etc", "/..a": "/..a", "/a..": "/a..", "/...": "/...",
		"/a b\n'\"": "/a b\n'\"", "/-rf": "/-rf",
	} {
		if got, err := checkPath(given); err != nil || got != want {
			t.Errorf("%q: %q, %v", given, got, err)
		}
	}
	for _, given := range []string{
		"", ".", "..", "etc", "./etc", "../etc", "~", " /etc", "-rf / --no-preserve-root", "/..", "/../etc", "/etc/../etc", "/etc/..", "/etc/../../..",
		"/a\x00b", "/" + strings.Repeat("a", mostPath), "/" + strings.Repeat("a/", mostParts),
	} {
		_, err := checkPath(given)
		var ours *Error
		if !errors.As(err, &ours) || ours.Kind != ErrInvalid || ours.Field != "path" {
			t.Errorf("%q: %v", given, err)
		}
	}
}

func FuzzAPathThatIsTakenIsCleanAndAbsolute(f *testing.F) {
	for _, seed := range []string{"/etc", "/../x", "//a/./b/", "x", "/\x00", "/a/..b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		clean, err := checkPath(given)
		if err != nil {
			return
		}
		again, err := checkPath(clean)
		if again != clean || err != nil || clean[0] != '/' || strings.ContainsRune(clean, 0) || strings.Contains(clean+"/", "/../") || strings.Contains(clean, "//") {
			t.Errorf("%q: %q", given, clean)
		}
	})
}

func TestWhatIsWrongWithAPathIsSaidInWords(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("ln -s b /tmp/a; ln -s a /tmp/b; ln -s nowhere /tmp/c; echo x >/tmp/file")
	for path, want := range map[string]struct {
		kind error
		word string
	}{
		"/nope":       {ErrNotFound, "there is no such path"},
		"/tmp/file/x": {ErrNotFound, "a part of the path is no folder"},
		"/tmp/a":      {ErrConflict, "circle"},
		"/tmp/c":      {ErrNotFound, `a link to "/tmp/nowhere"`},
		"tmp":         {ErrInvalid, "begins with /"},
	} {
		_, _, read := b.e.ReadFile(t.Context(), b.name, path)
		_, list := b.e.ListFiles(t.Context(), b.name, path, -1)
		_, download := b.e.DownloadFiles(t.Context(), b.name, path)
		_, upload := b.e.UploadFiles(t.Context(), b.name, path, strings.NewReader(""))
		for _, err := range []error{read, list, download, upload} {
			wants(t, err, want.kind, want.word)
			if err != nil && (strings.Contains(err.Error(), "overlay") || strings.Contains(err.Error(), "merged")) {
				t.Errorf("a path of the host is shown: %s", err)
			}
		}
	}
	_, _, err := b.e.ReadFile(t.Context(), "no-such-container", "/etc")
	wants(t, err, ErrNotFound, "no-such-container")
	_, _, err = b.e.ReadFile(t.Context(), "../images/x", "/etc")
	wants(t, err, ErrNotFound)
}
