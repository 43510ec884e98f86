// Package web holds the page that the hub shows to browsers: plain ES modules,
// style sheets and one document, embedded as they are written. There is no
// build step. The package knows nobody; whoever serves the files decides on
// their addresses, which the document expects to be /assets/… for every file
// and / (or a stream's own address) for index.html.
package web

import (
	"embed"
	"io/fs"
)

//go:embed static
var files embed.FS

// Static returns the page's files, index.html at the root. Their modification
// times are zero, as in every embedded file system.
func Static() fs.FS {
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // only for a path that is not valid, and this one is
	}
	return static
}
