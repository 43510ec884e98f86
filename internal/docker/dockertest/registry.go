package dockertest

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// Registry is a registry of images that wants a password. An engine on this
// machine speaks plain HTTP with it, since it is on loopback.
type Registry struct {
	Host           string // such as 127.0.0.1:40123
	User, Password string

	t       testing.TB
	folder  string
	process *process
}

// StartRegistry starts one for a test. It needs Debian's docker-registry.
func StartRegistry(t testing.TB) *Registry {
	t.Helper()
	if _, err := exec.LookPath("docker-registry"); err != nil {
		t.Fatal("there is no docker-registry: run make setup")
	}
	r := &Registry{Host: freeAddress(t), User: "builder", Password: "correct horse", t: t, folder: t.TempDir()}
	hash, err := bcrypt.GenerateFromPassword([]byte(r.Password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	r.write("htpasswd", r.User+":"+string(hash)+"\n")
	r.write("config.yml", fmt.Sprintf(`version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: %q}, delete: {enabled: true}}
http: {addr: %q}
auth: {htpasswd: {realm: hub, path: %q}}
`, filepath.Join(r.folder, "data"), r.Host, filepath.Join(r.folder, "htpasswd")))
	t.Cleanup(r.Stop)
	r.Start()
	return r
}

// Start starts it again, with the images it had.
func (r *Registry) Start() {
	r.t.Helper()
	p, err := start(filepath.Join(r.folder, "log"), "docker-registry", "serve", filepath.Join(r.folder, "config.yml"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.process = p
	for range 200 {
		answer, err := http.Get("http://" + r.Host + "/v2/")
		if err == nil {
			answer.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(r.folder, "log"))
	r.t.Fatalf("the registry does not answer: %s", log)
}

// Stop ends it; its images stay.
func (r *Registry) Stop() {
	if r.process != nil {
		r.process.end(syscall.SIGTERM)
		r.process = nil
	}
}

func (r *Registry) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.folder, name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
