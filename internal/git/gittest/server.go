package gittest

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/cgi"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Options say whom a [Server] lets in. The zero value lets everybody in.
type Options struct {
	User     string // "" is any, where there is a Password
	Password string // "" is none
}

// Server serves the repositories that are made with [Server.Repo], for reading.
type Server struct {
	URL string // http://127.0.0.1:port

	o        Options
	t        testing.TB
	home     string // of the git command, with the repositories in repos/
	address  string
	backend  *cgi.Handler
	requests atomic.Int64
	held     atomic.Int64

	mu     sync.Mutex
	server *http.Server  // nil while it is stopped
	hold   chan struct{} // closed to let go; nil while nothing is held
}

// StartServer starts a server that runs until the test ends.
func StartServer(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{o: o, t: t, home: t.TempDir(), address: "127.0.0.1:0"}
	core := strings.TrimSpace(run(t, s.home, s.home, "--exec-path"))
	s.backend = &cgi.Handler{
		Path:   filepath.Join(core, "git-http-backend"),
		Env:    append(environment(s.home), "GIT_PROJECT_ROOT="+s.repos(), "GIT_HTTP_EXPORT_ALL=1"),
		Stderr: io.Discard,
		Logger: log.New(io.Discard, "", 0), // of clients that went away
	}
	s.Start()
	t.Cleanup(s.Stop)
	s.URL = "http://" + s.address
	return s
}

func (s *Server) repos() string { return filepath.Join(s.home, "repos") }

// Start serves again after Stop, on the same port.
func (s *Server) Start() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		return
	}
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatalf("cannot start the git server: %v", err)
	}
	s.address = listener.Addr().String()
	s.server = &http.Server{Handler: http.HandlerFunc(s.serve)}
	go s.server.Serve(listener)
}

// Stop cuts all connections and refuses new ones.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		_ = s.server.Close()
		s.server = nil
	}
}

// Requests counts the fetches that were let in: requests to git-upload-pack, of
// which each clone of a branch makes one.
func (s *Server) Requests() int { return int(s.requests.Load()) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.admits(r) {
		user, password, _ := r.BasicAuth()
		w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
		http.Error(w, "no access for "+user+" with "+password, http.StatusUnauthorized)
		return
	}
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/git-upload-pack") {
		s.requests.Add(1)
		w = &holder{ResponseWriter: w, server: s, gone: r.Context().Done()}
	}
	r.Header.Del("Git-Protocol") // by version 2 the list of branches is such a request too
	s.backend.ServeHTTP(w, r)
}

// admits looks at the credentials. A server that lets nobody in tells what it was
// given, as careless ones do, so that tests see that nobody tells it on.
func (s *Server) admits(r *http.Request) bool {
	user, password, _ := r.BasicAuth()
	return s.o.Password == "" || password == s.o.Password && (s.o.User == "" || user == s.o.User)
}
