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

const (
	pageName   = "index.html"
	stylesName = "page.css"
)

var (
	entries = regexp.MustCompile(`<script type="module" src="/assets/([^"]+)">`)
	// imports are those that a module cannot start without, each a statement of its
	// own; import() is not one.
	imports = regexp.MustCompile(`(?m)^(?:import|export)\s(?:[\w\s{},*$]+\sfrom\s)?['"](\.[^'"]+)['"];`)
	styles  = regexp.MustCompile(`<link rel="stylesheet" href="/assets/([^"]+)">`)
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

// joinStyles makes the style sheets that the page names one after another into one
// file: what each of them asks for and is answered is longer than most of them.
func (a assets) joinStyles() {
	page := a[pageName]
	found := styles.FindAllSubmatchIndex(page.body, -1)
	if len(found) == 0 {
		return
	}
	var sheet []byte
	body := bytes.Clone(page.body[:found[0][0]])
	body = append(body, `<link rel="stylesheet" href="/assets/`+stylesName+`">`...)
	rest := found[0][1]
	for _, at := range found {
		body = append(body, bytes.TrimLeft(page.body[rest:max(rest, at[0])], " \n")...)
		rest = at[1]
		sheet = append(sheet, a[string(page.body[at[2]:at[3]])].body...)
	}
	page.body = append(body, page.body[rest:]...)
	a[pageName] = page
	a[stylesName] = newAsset(sheet, kinds[".css"])
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
