package http

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"

	"hub/internal/broker"
)

func TestTheDocsAreAPageThatAsksNobodyElse(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	r, page := h.get("/docs")
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "text/html; charset=utf-8" || r.Header.Get("Content-Security-Policy") != docsCSP {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	if strings.Contains(docsCSP, "unsafe") || strings.Contains(docsCSP, "http") {
		t.Errorf("the policy is wide: %s", docsCSP)
	}
	files := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(files) < 4 {
		t.Errorf("the page needs only %v", files)
	}
	for _, file := range files {
		if !strings.HasPrefix(file[1], "/") || strings.HasPrefix(file[1], "//") {
			t.Errorf("it needs %s", file[1])
			continue
		}
		if r, body := h.get(file[1]); r.StatusCode != 200 || body == "" || r.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %d %q", file[1], r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
	if _, script := h.get("/docs/docs.js"); strings.Contains(script, "http:") || strings.Contains(script, "https:") {
		t.Errorf("the script names another host:\n%s", script)
	}
}

func TestTheDocsFilesArePackedForWhoTakesThemSo(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	packed, body := h.get("/docs/swagger-ui.css", "Accept-Encoding: gzip")
	in, err := gzip.NewReader(strings.NewReader(body))
	if err != nil || packed.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%v, %v", packed.Header, err)
	}
	unpacked, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, accept := range []string{"identity", "gzip;q=0", "br"} {
		r, plain := h.get("/docs/swagger-ui.css", "Accept-Encoding: "+accept)
		if r.Header.Get("Content-Encoding") != "" || !bytes.Equal(unpacked, []byte(plain)) || r.Header.Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("%s: %v, %d bytes, not %d", accept, r.Header, len(plain), len(unpacked))
		}
	}
	if head, none := h.request("HEAD", "/docs/swagger-ui.css", "Accept-Encoding: gzip"); head.ContentLength != int64(len(body)) || none != "" {
		t.Errorf("HEAD: %d bytes, %q", head.ContentLength, none)
	}
	if r, _ := h.get("/docs/swagger-ui.css", "If-None-Match: "+packed.Header.Get("ETag")); r.StatusCode != 304 {
		t.Errorf("to one who has it: %d", r.StatusCode)
	}
	for _, name := range []string{"swagger-ui.css.gz", "../docs.go", "oauth2-redirect.html", "docs", "%2e%2e/docs.go"} {
		if r, _ := h.get("/docs/" + name); r.StatusCode != 404 {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
}
