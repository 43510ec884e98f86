package http

import (
	"compress/gzip"
	"io"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gofiber/fiber/v2"

	"hub/web"
)

// serveFiles serves files as the page's, by their texts.
func serveFiles(t *testing.T, texts map[string]string) (addr string, pages assets) {
	t.Helper()
	files := fstest.MapFS{}
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	pages, err := loadAssets(files, Version{})
	if err != nil {
		t.Fatal(err)
	}
	l := serveApp(t, appOptions{}, func(app *fiber.App) { app.Get("/assets/*", pages.file) })
	return l.Addr().String(), pages
}

func TestAssetsAreServedWithTheirTypesAndAnETag(t *testing.T) {
	texts := map[string]string{"index.html": "<p>", "app.js": "f();", "css/base.css": "p{top:0}", "icon.svg": "<svg/>"}
	addr, _ := serveFiles(t, texts)
	for name, kind := range map[string]string{"app.js": "text/javascript; charset=utf-8", "css/base.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"} {
		r, body := answerTo(t, addr, request("GET /assets/"+name+" HTTP/1.1", "Host: localhost"))
		etag := r.Header.Get("ETag")
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != kind || body != texts[name] || etag == "" {
			t.Errorf("%s: %d %v %s", name, r.StatusCode, r.Header, body)
		}
		head, body := answerTo(t, addr, request("HEAD /assets/"+name+" HTTP/1.1", "Host: localhost"))
		if head.StatusCode != 200 || body != "" || head.ContentLength != int64(len(texts[name])) || head.Header.Get("ETag") != etag {
			t.Errorf("HEAD %s: %d %v %q", name, head.StatusCode, head.Header, body)
		}
		for _, has := range []string{etag, "W/" + etag, `"x", ` + etag, "*"} {
			if r, body := answerTo(t, addr, request("GET /assets/"+name+" HTTP/1.1", "Host: localhost", "If-None-Match: "+has)); r.StatusCode != 304 || body != "" {
				t.Errorf("%s when %s is there: %d %q", name, has, r.StatusCode, body)
			}
		}
		if r, _ := answerTo(t, addr, request("GET /assets/"+name+" HTTP/1.1", "Host: localhost", `If-None-Match: "old"`)); r.StatusCode != 200 {
			t.Errorf("%s when another is there: %d", name, r.StatusCode)
		}
	}
	for _, name := range []string{"", "css", "css/", ".", "..", "../go.mod", "%2e%2e/go.mod", "css/../app.js", "none.js", "/etc/passwd"} {
		if r, body := answerTo(t, addr, request("GET /assets/"+name+" HTTP/1.1", "Host: localhost")); r.StatusCode != 404 {
			t.Errorf("%q: %d %s", name, r.StatusCode, body)
		}
	}
}

func TestAssetsArePackedForWhoTakesThemSo(t *testing.T) {
	long := strings.Repeat("f(),", 100) + "f();" // as short as it can be said
	addr, _ := serveFiles(t, map[string]string{"app.js": long, "tiny.js": "f();"})
	r, body := answerTo(t, addr, request("GET /assets/app.js HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip, br"))
	in, err := gzip.NewReader(strings.NewReader(body))
	if err != nil || r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Vary") != "Accept-Encoding" || len(body) >= len(long) {
		t.Fatalf("%v, %d bytes: %v", r.Header, len(body), err)
	}
	if unpacked, err := io.ReadAll(in); err != nil || string(unpacked) != long {
		t.Errorf("%q, %v", unpacked, err)
	}
	again, none := answerTo(t, addr, request("GET /assets/app.js HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip", "If-None-Match: "+r.Header.Get("ETag")))
	if again.StatusCode != 304 || none != "" {
		t.Errorf("to one who has it: %d %q", again.StatusCode, none)
	}
	plain, body := answerTo(t, addr, request("GET /assets/app.js HTTP/1.1", "Host: localhost"))
	if body != long || plain.Header.Get("Content-Encoding") != "" || plain.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("plain: %v %q", plain.Header, body)
	}
	if tiny, body := answerTo(t, addr, request("GET /assets/tiny.js HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip")); tiny.Header.Get("Content-Encoding") != "" || body != "f();" {
		t.Errorf("what packing makes no smaller: %v %q", tiny.Header, body)
	}
}

func TestScriptsAndStylesAreSentWithoutWhatOnlyTheirReadersNeed(t *testing.T) {
	addr, _ := serveFiles(t, map[string]string{
		"app.js":  "// what it is for\n/** @param {number} first */\nexport function twice(first) {\n  return 2 * first;\n}\n",
		"app.css": "/* why */\np {\n  color: light-dark(#ffffff, #000000);\n}\n",
		"a.svg":   "<svg> <!-- as it is --> </svg>",
	})
	for name, want := range map[string]string{
		"app.js": "export function twice(t){return 2*t}", "app.css": "p{color:light-dark(#ffffff,#000000)}", "a.svg": "<svg> <!-- as it is --> </svg>",
	} {
		if _, body := answerTo(t, addr, request("GET /assets/"+name+" HTTP/1.1", "Host: localhost")); body != want {
			t.Errorf("%s: %s", name, body)
		}
	}
}

func TestTheStyleSheetsOfThePageAreOneFileInTheirOrder(t *testing.T) {
	_, pages := serveFiles(t, map[string]string{
		"index.html": "<head>\n  <title>x</title>\n  <link rel=\"stylesheet\" href=\"/assets/b.css\">\n  <link rel=\"stylesheet\" href=\"/assets/css/a.css\">\n  <script></script>\n</head>",
		"b.css":      "b{}\n", "css/a.css": "a{}\n", "other.css": "o{}",
	})
	if got := pages.text(t, stylesName); got != "b{}\na{}\n" {
		t.Errorf("%q", got)
	}
	if page := pages.text(t, pageName); strings.Count(page, "stylesheet") != 1 || !strings.Contains(page, `<link rel="stylesheet" href="/assets/page.css">`+"\n  <script>") || !strings.Contains(page, "<title>x</title>") {
		t.Error(page)
	}
}

func TestTheModulesOfThePageAreSentAsFewFiles(t *testing.T) {
	addr, pages := serveFiles(t, map[string]string{
		"index.html":     `<head><script type="module" src="/assets/app.js"></script></head>`,
		"app.js":         "import { a } from './lib/a.js';\nimport { Client } from './client.js';\nconsole.log(a, Client, () => import('./views/later.js'));\n",
		"client.js":      "import { c } from './lib/c.js';\nexport class Client { say() { return 'client' + c; } }\n",
		"lib/a.js":       "export { b as a } from '../lib/b.js';\n",
		"lib/b.js":       "export const b = 'bee';\n",
		"lib/c.js":       "export const c = 'sea';\n",
		"views/later.js": "import { b } from '../lib/b.js';\nconsole.log('later', b);\n",
	})
	_, page := answerTo(t, addr, request("GET /assets/index.html HTTP/1.1", "Host: localhost"))
	names := foretold(page)
	if len(names) < 2 || names[0] != "app.js" || strings.LastIndex(page, "modulepreload") > strings.Index(page, "</head>") {
		t.Fatalf("%q: %s", names, page)
	}
	all := ""
	for _, name := range names {
		r, body := answerTo(t, addr, request("GET /assets/"+name+" HTTP/1.1", "Host: localhost"))
		if r.StatusCode != 200 {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
		all += body
	}
	if !strings.Contains(all, "bee") || !strings.Contains(all, "sea") || strings.Contains(all, "later\"") {
		t.Errorf("what the page needs at once, and no view: %s", all)
	}
	if _, client := answerTo(t, addr, request("GET /assets/client.js HTTP/1.1", "Host: localhost")); !strings.Contains(client, "as Client") && !strings.Contains(client, "Client}") {
		t.Errorf("the client for other pages: %s", client)
	}
	if n := len(pages.bundled()); n > 7 {
		t.Errorf("%d files", n)
	}
}

func TestModulesThatCannotBePutTogetherAreSentAsTheyWereWritten(t *testing.T) {
	addr, _ := serveFiles(t, map[string]string{"index.html": "<head></head>", "app.js": "import './gone.js';\n"})
	if r, body := answerTo(t, addr, request("GET /assets/app.js HTTP/1.1", "Host: localhost")); r.StatusCode != 200 || body != `import"./gone.js";` {
		t.Errorf("%d %s", r.StatusCode, body)
	}
}

func TestThePageKnowsItsBuildByItsETag(t *testing.T) {
	build := func(version string, style string) string {
		pages, err := loadAssets(fstest.MapFS{"index.html": {Data: []byte("<head></head>")}, "a.css": {Data: []byte(style)}}, Version{Version: version})
		if err != nil {
			t.Fatal(err)
		}
		page, _ := pages.find("index.html")
		if want := `<head>  <meta name="build" content=` + page.etag + ">\n</head>"; string(page.body) != want {
			t.Errorf("%s, not %s", page.body, want)
		}
		return page.etag
	}
	first := build("1", "p{}")
	if build("1", "p{}") != first {
		t.Error("the same files of the same version are another build")
	}
	if build("1", "p{ }") == first || build("2", "p{}") == first {
		t.Error("another file, or another version, is the same build")
	}
}

// All views, and whatever else of the page a browser may ask for.
func TestTheWholeRealPageIsUnder150KB(t *testing.T) {
	pages, err := loadAssets(web.Static(), Version{})
	if err != nil {
		t.Fatal(err)
	}
	bundle, total := pages.bundled(), 0
	if len(bundle) < len(entries)+7 {
		t.Fatalf("there are %d files in the bundle: it has failed", len(bundle))
	}
	for name, file := range bundle {
		t.Logf("%s: %d bytes", name, len(file.body))
		total += len(file.body)
	}
	for name, file := range pages.files {
		if ext := path.Ext(name); name == stylesName || name == "theme.js" || ext == ".svg" {
			total += len(file.sent().body)
		}
	}
	t.Logf("in all %d bytes", total)
	if total > 150_000 {
		t.Errorf("the page is %d bytes as it is sent", total)
	}
}

func TestAFileOfUnknownTypeIsNotTaken(t *testing.T) {
	if _, err := loadAssets(fstest.MapFS{"x.exe": {}}, Version{}); err == nil {
		t.Error("it was")
	}
}

// foretold are the modules that a page names.
func foretold(page string) (names []string) {
	for _, found := range regexp.MustCompile(`<link rel="modulepreload" href="/assets/([^"]+)">`).FindAllStringSubmatch(page, -1) {
		names = append(names, found[1])
	}
	return names
}

// text is a file as it was written.
func (a assets) text(t *testing.T, name string) string {
	t.Helper()
	file, ok := a.files[name]
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	return string(file.body)
}
