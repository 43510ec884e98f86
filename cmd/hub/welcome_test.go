package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
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
	for host, want := range map[string]string{
		"unix://" + filepath.Join(t.TempDir(), "none.sock"): "start the engine, or name another in DOCKER_HOST",
		"engine": `cannot use DOCKER_HOST \"engine\"`,
	} {
		t.Setenv("DOCKER_HOST", host)
		h := startProgram(t)
		for deadline := time.Now().Add(10 * time.Second); !strings.Contains(h.logged(), want); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("nothing of %q", want)
			}
		}
	}
}
