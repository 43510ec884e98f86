package pipeline

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// gate stands before a registry, under an address of its own, and can let requests hang. A real registry does not on demand.
type gate struct {
	Host   string
	mu     sync.Mutex
	holds  func(*http.Request) bool // nil lets all through
	held   atomic.Int64
	opened chan struct{} // closed to let go of what hangs
}

func newGate(t testing.TB, registry string) *gate {
	g := &gate{opened: make(chan struct{})}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: registry}) // the registry answers for the address that it is asked by
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		hold, opened := g.holds != nil && g.holds(r), g.opened
		g.mu.Unlock()
		if hold {
			g.held.Add(1)
			defer g.held.Add(-1)
			select {
			case <-r.Context().Done():
				return
			case <-opened:
			}
		}
		proxy.ServeHTTP(rw, r)
	}))
	g.Host = strings.TrimPrefix(server.URL, "http://")
	t.Cleanup(func() {
		g.open()
		server.CloseClientConnections()
		server.Close()
	})
	return g
}

// hold has requests hang that are so.
func (g *gate) hold(what func(*http.Request) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holds = what
}

// open lets all through, also what hangs.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holds = nil
	close(g.opened)
	g.opened = make(chan struct{})
}
