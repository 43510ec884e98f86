package http

import (
	"testing"
	"testing/fstest"

	"github.com/gofiber/fiber/v2"
)

func TestTheRootIsAPageForBrowsersAndTheOldGreetingForAllOthers(t *testing.T) {
	pages, err := loadAssets(fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}, Version{})
	if err != nil {
		t.Fatal(err)
	}
	l := serveApp(t, appOptions{}, func(app *fiber.App) {
		app.Get("/", rootHandler("", pages))
		app.Get("/named", rootHandler("staging", pages))
	})
	const old = `{"Hello":"From: DEFAULT_ENV","service":"Docker Manager API","docs":"/docs"}`
	for _, c := range []struct{ path, accept, kind, body string }{
		{"/", "", "application/json", old},
		{"/", "*/*", "application/json", old},
		{"/", "application/json", "application/json", old},
		{"/", "application/json, text/html", "application/json", old},
		{"/", "text/html;q=0", "application/json", old},
		{"/named", "*/*", "application/json", `{"Hello":"From: staging","service":"Docker Manager API","docs":"/docs"}`},
		{"/", "text/html", "text/html; charset=utf-8", "<!doctype html>"},
		{"/", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html; charset=utf-8", "<!doctype html>"},
	} {
		r, body := answerTo(t, l.Addr().String(), request("GET "+c.path+" HTTP/1.1", "Host: localhost", "Accept: "+c.accept))
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != c.kind || body != c.body || r.Header.Get("Vary") != "Accept" {
			t.Errorf("%s for %q: %d %v %s", c.path, c.accept, r.StatusCode, r.Header, body)
		}
	}
}

func TestHealthReadinessAndVersion(t *testing.T) {
	checks := []Check{{Name: "history", OK: true}}
	l := serveApp(t, appOptions{}, func(app *fiber.App) {
		app.Get("/healthz", healthHandler)
		app.Get("/readyz", readyHandler(func() []Check { return checks }))
		app.Get("/version", versionHandler(Version{Version: "1.2.3", Go: "go1.26"}))
	})
	expect := func(path string, status int, want string) {
		t.Helper()
		if r, body := answerTo(t, l.Addr().String(), request("GET "+path+" HTTP/1.1", "Host: localhost")); r.StatusCode != status || body != want {
			t.Errorf("%s: %d %s, want %d %s", path, r.StatusCode, body, status, want)
		}
	}
	expect("/healthz", 200, `{"status":"ok"}`)
	expect("/version", 200, `{"version":"1.2.3","go":"go1.26"}`)
	expect("/readyz", 200, `{"status":"ok","checks":[{"name":"history","ok":true}]}`)
	checks = append(checks, Check{Name: "hub", Reason: "shutting down"})
	expect("/readyz", 503, `{"status":"not ready","detail":"not ready: hub: shutting down","checks":[{"name":"history","ok":true},{"name":"hub","ok":false,"reason":"shutting down"}]}`)
	expect("/healthz", 200, `{"status":"ok"}`)
}
