package http

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/swaggest/swgui/v5/static"
)

// docsCSP is the policy of /docs alone. Swagger UI makes its HTML from strings,
// which the policy of all other answers does not allow.
const docsCSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

var (
	docsDoc     = operation{also: []answer{{200, "text/html", "Swagger UI, which shows /openapi.json.", "<!doctype html>…"}, notModified}}
	docsFileDoc = operation{
		also:  []answer{{200, "*/*", "The file, of its own type.", "…"}, notModified},
		fails: []int{404},
	}
)

//go:embed docs
var docsFiles embed.FS

// docsPages are the files of /docs: ours, and those of Swagger UI that we use,
// packed as they come.
var docsPages = mustLoadDocs()

func mustLoadDocs() assets {
	all := map[string]asset{}
	for _, name := range []string{"index.html", "docs.js"} {
		all[name] = mustAsset(docsFiles, "docs/"+name)
	}
	for _, name := range []string{"swagger-ui-bundle.js.gz", "swagger-ui.css.gz", "favicon-32x32.png"} {
		all[strings.TrimSuffix(name, ".gz")] = mustAsset(static.FS, name)
	}
	return assets{files: all}
}

// mustAsset is a file that is part of the program.
func mustAsset(files fs.FS, name string) asset {
	body, err := fs.ReadFile(files, name)
	if err != nil {
		panic(fmt.Sprintf("cannot load the files of /docs: %v", err))
	}
	a := newAsset(body, kinds[path.Ext(strings.TrimSuffix(name, ".gz"))])
	a.packed = strings.HasSuffix(name, ".gz")
	return a
}

// docs is GET /docs: the API, for people.
func (s *Server) docs(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, docsCSP)
	return docsPages.send(c, "index.html")
}

// docsFile is GET /docs/*: what that page needs.
func (s *Server) docsFile(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, docsCSP)
	return docsPages.file(c)
}

// unpack is what was packed, for the client that does not take it so.
func unpack(packed []byte) ([]byte, error) {
	in, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(in)
}
