package http

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

const stylesName = "page.css"

var styles = regexp.MustCompile(`<link rel="stylesheet" href="/assets/([^"]+)">`)

// joinStyles makes the style sheets that the page names one after another into one
// file: what each of them asks for and is answered is longer than most of them.
func (a assets) joinStyles() {
	page := a.files[pageName]
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
		sheet = append(sheet, a.files[string(page.body[at[2]:at[3]])].body...)
	}
	page.body = append(body, page.body[rest:]...)
	a.files[pageName] = page
	a.files[stylesName] = newAsset(sheet, kinds[".css"]).sentPacked()
}

// build names the program and its page: it is another where either is.
func (a assets) build(version Version) string {
	sum := sha256.New()
	_ = json.NewEncoder(sum).Encode(version)
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		fmt.Fprintln(sum, name, a.files[name].etag)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
