package http

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const pageName = "index.html"

// entries are the modules that pages name. The first is the page's own.
var entries = []string{"app.js", "client.js"}

// bundle puts the page's modules together into few files: the entries, and parts
// for each view and for what views share. As they are written there are more than
// a hundred, and a browser that loses one of them on the way shows nothing. It takes
// some tenths of a second, which the start of a hub that only programs use need not
// pay. The page in it names the parts that its module cannot start without, which
// are found late else, and the build that it is of. That is its ETag, too: a page
// that was loaded long ago asks for the ETag of today's and sees whether it is stale.
func (a assets) bundle(files fs.FS, build string) map[string]asset {
	all := map[string]asset{}
	page, ok := a.files[pageName]
	if !ok {
		return all
	}
	var points []string
	for _, name := range entries {
		if _, ok := a.files[name]; ok {
			points = append(points, name)
		}
	}
	made := api.Build(api.BuildOptions{
		EntryPoints: points, Outdir: "/", Bundle: true, Splitting: true, Format: api.FormatESModule, ChunkNames: "part-[hash]",
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LogLevel: api.LogLevelSilent,
		Plugins: []api.Plugin{{Name: "files", Setup: func(b api.PluginBuild) { readFrom(files, b) }}},
	})
	lines := []byte{}
	if len(points) > 0 && len(made.Errors) == 0 { // else the modules are sent as they were written
		for _, file := range made.OutputFiles {
			all[strings.TrimPrefix(file.Path, "/")] = newAsset(bytes.TrimSuffix(file.Contents, []byte("\n")), kinds[".js"]).pack()
		}
		for _, name := range needed(made.OutputFiles) {
			lines = fmt.Appendf(lines, "  <link rel=\"modulepreload\" href=\"/assets/%s\">\n", name)
		}
	}
	lines = fmt.Appendf(lines, "  <meta name=\"build\" content=\"%s\">\n", build)
	page.body = bytes.Replace(page.body, []byte("</head>"), append(lines, "</head>"...), 1)
	page.etag = `"` + build + `"`
	page.sent = nil
	all[pageName] = page.pack()
	return all
}

// readFrom has modules found in files, each from where it is that imports it.
func readFrom(files fs.FS, b api.PluginBuild) {
	b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		return api.OnResolveResult{Path: path.Join(path.Dir(args.Importer), args.Path), Namespace: "files"}, nil
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "files"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		body, err := fs.ReadFile(files, args.Path)
		text := string(body)
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, err
	})
}

// imported are what a bundled module names that it cannot start without; what it
// imports later stands in brackets.
var imported = regexp.MustCompile(`(?:\bfrom|\bimport)"\./(part-\w+\.js)"`)

// needed are the page's module and all that it imports, in the order in which a
// browser would come upon them.
func needed(bundle []api.OutputFile) []string {
	names := entries[:1:1]
	for i := 0; i < len(names); i++ {
		at := slices.IndexFunc(bundle, func(f api.OutputFile) bool { return f.Path == "/"+names[i] })
		if at < 0 {
			continue
		}
		for _, found := range imported.FindAllSubmatch(bundle[at].Contents, -1) {
			if name := string(found[1]); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
