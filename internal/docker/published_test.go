package docker

import "testing"

func TestPublishedPortsAreReachedWhereTheEngineIs(t *testing.T) {
	for host, want := range map[string]string{
		"unix:///run/docker.sock": "localhost", "tcp://10.0.0.7:2376": "10.0.0.7", "tcp://engine.example:2375": "engine.example",
		"tcp://[fd00::7]:2375": "fd00::7", "tcp://0.0.0.0:2375": "localhost", "tcp://:2375": "localhost", "http://engine.example:80": "engine.example",
	} {
		if got := engineOn(t, host).PublishedHost(); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}
