package http

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	nethttp "net/http"
	"path"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/gofiber/fiber/v2"
)

// assets are the pages' files: they are part of the program and do not change
// while it runs. What each is sent as is made when it is first asked for.
type assets struct {
	files   map[string]asset
	bundled func() map[string]asset // what the page and its modules are sent as; nil for those that are sent as they are
}

type asset struct {
	body []byte // as it was written, or gzip where it is packed
	kind string // Content-Type
	etag string

	packed bool
	sent   func() asset // the file as it is sent; nil where that is as it is
}

func newAsset(body []byte, kind string) asset {
	sum := sha256.Sum256(body)
	return asset{body: body, kind: kind, etag: `"` + hex.EncodeToString(sum[:8]) + `"`}
}

// sentPacked has the file sent small: a style sheet or script without what only its
// readers need, and as gzip where that is smaller.
func (f asset) sentPacked() asset {
	written := f
	f.sent = sync.OnceValue(func() asset { return written.minify().pack() })
	return f
}

// minify is the same script or style sheet without comments and long names. One
// that does not parse stays as it is, for the browser to complain of.
func (f asset) minify() asset {
	loader, ok := map[string]api.Loader{kinds[".js"]: api.LoaderJS, kinds[".css"]: api.LoaderCSS}[f.kind]
	if !ok {
		return f
	}
	small := api.Transform(string(f.body), api.TransformOptions{Loader: loader, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true})
	if len(small.Errors) == 0 {
		f.body = bytes.TrimSuffix(small.Code, []byte("\n"))
	}
	return f
}

// pack is the same file, as gzip where that is smaller.
func (f asset) pack() asset {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // a level that there is
	_, _ = w.Write(f.body)                                // to memory, like the rest of it
	_ = w.Close()
	if b.Len() < len(f.body) {
		f.body, f.packed = b.Bytes(), true
	}
	return f
}

// kinds are the types of the files there may be. They are not taken from the
// machine, whose table may be missing or wrong.
var kinds = map[string]string{
	".html":        "text/html; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".mjs":         "text/javascript; charset=utf-8",
	".json":        "application/json",
	".map":         "application/json",
	".webmanifest": "application/manifest+json",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".ico":         "image/x-icon",
	".woff2":       "font/woff2",
	".txt":         "text/plain; charset=utf-8",
}

// notModified is the answer to a browser that has a file.
var notModified = answer{304, "", "The browser has it: it sent the ETag in If-None-Match.", nil}

var assetDoc = operation{
	also:  []answer{{200, "*/*", "The file, of its own type.", "export {}"}, notModified},
	fails: []int{404},
}

// loadAssets reads every file of files. A type that is not known is an error, of
// the one who added the file. The version is of the program that they are part of.
func loadAssets(files fs.FS, version Version) (assets, error) {
	all := assets{files: map[string]asset{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		kind, known := kinds[path.Ext(name)]
		if !known {
			return fmt.Errorf("%s has a type that is not known", name)
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		all.files[name] = newAsset(body, kind).sentPacked()
		return nil
	})
	if err != nil {
		return assets{}, fmt.Errorf("cannot load the pages' files: %w", err)
	}
	all.joinStyles()
	build := all.build(version)
	all.bundled = sync.OnceValue(func() map[string]asset { return all.bundle(files, build) })
	return all, nil
}

// find is the file of that name, as it is sent.
func (a assets) find(name string) (asset, bool) {
	if a.bundled != nil {
		if f, ok := a.bundled()[name]; ok {
			return f, true
		}
	}
	f, ok := a.files[name]
	return f, ok
}

// file is the handler of /assets/*: the file that the rest of the path names. A
// directory is nothing.
func (a assets) file(c *fiber.Ctx) error {
	f, ok := a.find(c.Params("*"))
	if !ok {
		return notFound("no file %s", shorten(c.Path()))
	}
	return f.send(c)
}

func (a assets) send(c *fiber.Ctx, name string) error {
	f, ok := a.find(name)
	if !ok {
		return notFound("no page %s", name)
	}
	return f.send(c)
}

// send answers with the file, or with 304 to a browser that has it.
func (f asset) send(c *fiber.Ctx) error {
	c.Locals(asItIs{}, true)
	c.Set(fiber.HeaderETag, f.etag)
	c.Set(fiber.HeaderCacheControl, "no-cache") // keep it, but ask each time
	if has(c.Get(fiber.HeaderIfNoneMatch), f.etag) {
		return c.SendStatus(nethttp.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, f.kind)
	if f.sent != nil {
		f = f.sent()
	}
	if !f.packed {
		return c.Send(f.body)
	}
	c.Append(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if c.Request().Header.HasAcceptEncoding("gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(f.body)
	}
	body, err := unpack(f.body)
	if err != nil {
		return err
	}
	return c.Send(body)
}

// has says whether an If-None-Match head names the etag.
func has(ifNoneMatch, etag string) bool {
	for one := range strings.SplitSeq(ifNoneMatch, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == etag {
			return true
		}
	}
	return false
}
