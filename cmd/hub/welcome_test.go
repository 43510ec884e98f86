package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestTheAddressToOpenIsOneTheHubAnswersTo(t *testing.T) {
	for listening, open := range map[string]string{
		"127.0.0.1:8002": "127.0.0.1:8002", "[::1]:8002": "[::1]:8002", "192.0.2.7:80": "192.0.2.7:80", "0.0.0.0:8002": "localhost:8002", "[::]:8002": "localhost:8002",
	} {
		if got := reachable(listening); got != open {
			t.Errorf("%s: %s, want %s", listening, got, open)
		}
	}
}

func TestTheLogSaysWhyThereIsNoEngineAndTheHubWorksWithout(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+filepath.Join(t.TempDir(), "none.sock"))
	h := startProgram(t)
	const what = "start the engine, or name another in DOCKER_HOST"
	h.await(what, func() bool { return strings.Contains(h.logged(), what) })
	if ready := h.get("/readyz"); !strings.Contains(ready, `"name":"docker","ok":false,"reason":"`) || !strings.Contains(ready, what) {
		t.Errorf("/readyz does not tell: %s", ready)
	}
	h.call(t, "GET", "/docker/containers", "", 503, `{"detail":"<text>"}`)
}
