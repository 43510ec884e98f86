package main

import "testing"

func TestTheAddressToOpenIsOneTheHubAnswersTo(t *testing.T) {
	for listening, open := range map[string]string{
		"127.0.0.1:8002": "127.0.0.1:8002", "[::1]:8002": "[::1]:8002", "192.0.2.7:80": "192.0.2.7:80", "0.0.0.0:8002": "localhost:8002", "[::]:8002": "localhost:8002",
	} {
		if got := reachable(listening); got != open {
			t.Errorf("%s: %s, want %s", listening, got, open)
		}
	}
}
