package http

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
)

const pageName = "index.html"

var (
	entries = regexp.MustCompile(`<script type="module" src="/assets/([^"]+)">`)
	// imports are those that a module cannot start without, each a statement of its
	// own; import() is not one.
	imports = regexp.MustCompile(`(?m)^(?:import|export)\s(?:[\w\s{},*$]+\sfrom\s)?['"](\.[^'"]+)['"];`)
	endHead = []byte("</head>")
)

// foretell writes into the page what its browser would learn late: the modules
// that it will need, which else are found one after another as they import each
// other, and which build it is of. That build is the page's ETag, too: a page that
// was loaded long ago asks for the ETag of today's and sees whether it is stale.
func (a assets) foretell(version Version) {
	page, ok := a[pageName]
	if !ok {
		return
	}
	build := a.build(version)
	var lines []byte
	for _, name := range a.modules(page.body) {
		lines = fmt.Appendf(lines, "  <link rel=\"modulepreload\" href=\"/assets/%s\">\n", name)
	}
	lines = fmt.Appendf(lines, "  <meta name=\"build\" content=\"%s\">\n", build)
	page.body = bytes.Replace(page.body, endHead, append(lines, endHead...), 1)
	page.etag = `"` + build + `"`
	a[pageName] = page
}

// build names the program and its page: it is another where either is.
func (a assets) build(version Version) string {
	sum := sha256.New()
	_ = json.NewEncoder(sum).Encode(version)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		fmt.Fprintln(sum, name, a[name].etag)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// modules are those that a document starts, and all that they import, each once and
// in the order in which a browser would come upon them.
func (a assets) modules(document []byte) (names []string) {
	for _, entry := range entries.FindAllSubmatch(document, -1) {
		names = append(names, string(entry[1]))
	}
	for i := 0; i < len(names); i++ {
		for _, found := range imports.FindAllSubmatch(a[names[i]].body, -1) {
			name := path.Join(path.Dir(names[i]), string(found[1]))
			if _, ok := a[name]; ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
