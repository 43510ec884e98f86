package http

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/valyala/fasthttp"
)

// seen holds, as "GET /path", the routes that have given an answer that is no error.
var seen sync.Map

// watch holds what a server answers against the contract, until the test ends.
func watch(t testing.TB, s *Server) {
	if _, is := t.(*testing.B); is {
		return
	}
	contract, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	var over sync.RWMutex
	ended := false
	t.Cleanup(func() {
		over.Lock()
		defer over.Unlock()
		ended = true
	})
	next := s.app.Server().Handler
	s.app.Server().Handler = func(c *fasthttp.RequestCtx) {
		next(c)
		method, path, status := string(c.Method()), string(c.URI().PathOriginal()), c.Response.StatusCode()
		if c.Hijacked() && method != "GET" && strings.HasPrefix(path, "/stream") {
			return // a piped publish, which is answered at its end
		}
		var body []byte
		if !c.Hijacked() && !c.Response.IsBodyStream() {
			body = append([]byte{}, c.Response.Body()...)
		}
		kind := string(c.Response.Header.ContentType())
		over.RLock()
		defer over.RUnlock()
		if ended {
			return
		}
		if err := contract.check(method, path, status, kind, body); err != nil {
			t.Errorf("the API's document says otherwise of %s %s: %d %s %.300s: %v", method, path, status, kind, body, err)
		}
	}
}

// unseen is 1, and says so, where the tests have left a route's answer unchecked.
func unseen() int {
	for _, name := range []string{"test.run", "test.skip", "test.bench", "test.fuzz", "test.list"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return 0 // not all tests have run
		}
	}
	left := 0
	for _, r := range (&Server{}).table() {
		if _, is := seen.Load(r.method + " " + r.path); !is {
			fmt.Fprintf(os.Stderr, "no test got an answer of %s %s that is no error\n", r.method, r.path)
			left = 1
		}
	}
	return left
}
