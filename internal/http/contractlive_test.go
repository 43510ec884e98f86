package http

import (
	"io"
	nethttp "net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestAnAnswerThatTheDocumentDoesNotTellOfIsFound(t *testing.T) {
	contract, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	const asJSON = "application/json"
	for _, c := range []struct {
		why, method, path string
		status            int
		kind, body        string
		good              bool
	}{
		{"as told", "GET", "/version", 200, asJSON, `{"version":"1","go":"go1.26"}`, true},
		{"to a HEAD", "HEAD", "/version", 200, asJSON, "", true},
		{"a missing key", "GET", "/version", 200, asJSON, `{"version":"1"}`, false},
		{"a key that is not told of", "GET", "/version", 200, asJSON, `{"version":"1","go":"go1.26","os":"linux"}`, false},
		{"another type of value", "GET", "/version", 200, asJSON, `{"version":1,"go":"go1.26"}`, false},
		{"null for a text", "GET", "/version", 200, asJSON, `{"version":null,"go":"go1.26"}`, false},
		{"null for a list", "GET", "/topics", 200, asJSON, `{"topics":null}`, false},
		{"a bad key deep inside", "GET", "/readyz", 200, asJSON, `{"status":"ok","checks":[{"name":"a","ok":true,"x":1}]}`, false},
		{"a word that is not told of", "GET", "/healthz", 200, asJSON, `{"status":"fine"}`, false},
		{"null for a part that may be", "GET", "/system/info", 200, asJSON, `{"hostname":"a","platform":"b","uptime_seconds":1,` +
			`"cpu":{"logical":1,"physical":1},"memory":{"total":2,"available":1},"loadavg":null}`, true},
		{"a part that is something else", "GET", "/system/info", 200, asJSON, `{"hostname":"a","platform":"b","uptime_seconds":1,` +
			`"cpu":{"logical":1,"physical":1},"memory":{"total":2,"available":1},"loadavg":0.4}`, false},
		{"null where it may be", "GET", "/tasks/logs/x", 200, asJSON, `{"task_id":"x","status":null,"lines":[]}`, true},
		{"one of two forms", "GET", "/tasks/status/x", 200, asJSON, `{"error":"not_found"}`, true},
		{"neither of two forms", "GET", "/tasks/status/x", 200, asJSON, `{"error":"not_found","task_type":"x"}`, false},
		{"another status", "GET", "/version", 204, "", "", false},
		{"an error that is not told of", "GET", "/version", 409, asJSON, `{"detail":"no"}`, false},
		{"an error that is", "GET", "/topics", 400, asJSON, `{"detail":"no"}`, true},
		{"an error without its detail", "GET", "/topics", 400, asJSON, `{"error":"no"}`, false},
		{"a list of faults", "GET", "/system/top", 422, asJSON, `{"detail":[{"loc":["query","limit"],"msg":"no","type":"value_error"}]}`, true},
		{"a list of something else", "GET", "/system/top", 422, asJSON, `{"detail":[{"loc":"limit","msg":"no","type":"value_error"}]}`, false},
		{"another media type", "GET", "/version", 200, "text/plain", "1", false},
		{"a stream", "POST", "/tasks/run-stream", 200, "text/event-stream; charset=utf-8", "", true},
		{"a stream where there is none", "POST", "/tasks/start", 200, "text/event-stream; charset=utf-8", "", false},
		{"no route", "GET", "/none", 404, asJSON, `{"detail":"no route"}`, true},
		{"no route, and yet", "GET", "/none", 200, asJSON, `{}`, false},
		{"no JSON", "GET", "/version", 200, asJSON, `{"version"`, false},
	} {
		err := contract.check(c.method, c.path, c.status, c.kind, []byte(c.body))
		if (err == nil) != c.good {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

// Each route of the hub itself, as a client sees it: what it answers, and one way
// to fail where it has any. All other tests' answers are checked on their way out;
// those of piped publishes only here.
func TestTheHubsOwnRoutesAnswerAsTheDocumentSays(t *testing.T) {
	h := startWholeHub(t)
	contract, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	h.lines("ci/1", 1, 3)
	h.publish("ci/1", "end", `{"status":"completed"}`)
	const asJSON, run = "Content-Type: application/json", "/tasks/run-stream"
	for _, c := range []struct {
		method, target, body string
		status               int
		heads                []string
	}{
		{"GET", "/", "", 200, nil},
		{"GET", "/", "", 200, []string{"Accept: text/html"}},
		{"GET", "/", "", 403, []string{"Origin: http://elsewhere.example"}},
		{"GET", "/docs", "", 200, nil},
		{"GET", "/docs/docs.js", "", 200, nil},
		{"GET", "/docs/none", "", 404, nil},
		{"GET", "/openapi.json", "", 200, nil},
		{"GET", "/assets/index.html", "", 200, nil},
		{"GET", "/assets/none", "", 404, nil},
		{"GET", "/healthz", "", 200, nil},
		{"GET", "/readyz", "", 200, nil},
		{"GET", "/version", "", 200, nil},
		{"GET", "/topics?match=ci/*", "", 200, nil},
		{"GET", "/topics?match=ci//1", "", 400, nil},
		{"GET", "/stream?topic=ci/1&topic=ci/2&follow=0", "", 200, nil},
		{"GET", "/stream/ci/1?follow=0", "", 200, []string{"Accept: text/event-stream"}},
		{"GET", "/stream/ci/1?follow=0", "", 200, []string{"Accept: application/x-ndjson"}},
		{"GET", "/stream/ci/1?follow=0", "", 200, []string{"Accept: text/plain"}},
		{"GET", "/stream/ci/1", "", 200, []string{"Accept: application/json"}},
		{"GET", "/stream/ci/1", "", 200, []string{"Accept: text/html"}},
		{"GET", "/stream/ci/1?since=now", "", 204, []string{"Accept: text/event-stream"}},
		{"GET", "/stream/ci/1?format=ws", "", 426, nil},
		{"GET", "/stream/ci/1?since=yesterday", "", 400, nil},
		{"POST", "/stream/ci/3", "a\nb\n", 200, nil},
		{"PUT", "/stream/ci/3?end=completed", `[{"type":"stage","data":{"stage":"link"}}]`, 200, []string{asJSON}},
		{"POST", "/stream/ci/3", `[{"type":"gap"}]`, 422, []string{asJSON}},
		{"POST", "/stream/tasks/x", "a\n", 403, nil},
		{"PUT", "/stream/ci/4", "piped", 200, nil},
		{"PUT", "/stream/ci/4", "piped", 422, []string{"Content-Type: application/x-ndjson"}},
		{"POST", run, `{"cmd":"exit 4","task_id":"a"}`, 200, []string{asJSON}},
		{"POST", run, `{"cmd":"kill -9 $$"}`, 200, []string{asJSON}},
		{"POST", run, `{"cmd":"echo"}`, 200, []string{asJSON, "Accept: text/event-stream"}},
		{"POST", run, `{"cmd":7}`, 422, []string{asJSON}},
		{"POST", run, `{"cmd":"echo","cwd":"/none"}`, 400, []string{asJSON}},
		{"POST", run, `cmd=echo`, 415, nil},
		{"POST", "/tasks/start", `{"cmd":"sleep 60","task_id":"b"}`, 200, []string{asJSON}},
		{"POST", "/tasks/start", `{"cmd":"echo","task_id":"b"}`, 409, []string{asJSON}},
		{"GET", "/tasks", "", 200, nil},
		{"GET", "/tasks?limit=0", "", 422, nil},
		{"GET", "/tasks?x=1", "", 400, nil},
		{"POST", "/tasks/b/cancel", "", 200, nil},
		{"POST", "/tasks/none/cancel", "", 404, nil},
		{"GET", "/tasks/status/a", "", 200, nil},
		{"GET", "/tasks/status/b", "", 200, nil},
		{"GET", "/tasks/status/none", "", 200, nil},
		{"GET", "/tasks/status/a?limit=x", "", 422, nil},
		{"GET", "/tasks/logs/a", "", 200, nil},
		{"GET", "/tasks/logs/none", "", 200, nil},
		{"GET", "/tasks/logs/a?tail=x", "", 422, nil},
		{"GET", "/system/info", "", 200, nil},
		{"GET", "/system/usage", "", 200, nil},
		{"GET", "/system/top", "", 200, nil},
		{"GET", "/system/top?sort=name", "", 422, nil},
		{"GET", "/version", "", 421, []string{"Host: elsewhere.example"}},
	} {
		status, kind, body := h.ask(c.method, c.target, c.body, c.heads)
		if status != c.status {
			t.Errorf("%s %s %s: %d %.200s, want %d", c.method, c.target, c.body, status, body, c.status)
		}
		path, _, _ := strings.Cut(c.target, "?")
		if err := contract.check(c.method, path, status, kind, body); err != nil {
			t.Errorf("%s %s %s: %d %s %.300s: %v", c.method, c.target, c.body, status, kind, body, err)
		}
	}
}

// ask sends a request, the body "piped" in chunks, and reads the whole answer.
func (h *testHub) ask(method, target, body string, heads []string) (status int, kind string, answer []byte) {
	h.t.Helper()
	var in io.Reader = strings.NewReader(body)
	if body == "piped" {
		in = iotest.OneByteReader(in)
	}
	r, err := nethttp.NewRequest(method, "http://"+h.addr+target, in)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, head := range heads {
		name, value, _ := strings.Cut(head, ": ")
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
	}
	client := nethttp.Client{Timeout: 20 * time.Second, Transport: &nethttp.Transport{DisableKeepAlives: true}}
	done, err := client.Do(r)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer done.Body.Close()
	if answer, err = io.ReadAll(done.Body); err != nil {
		h.t.Fatalf("%s %s: after %q: %v", method, target, answer, err)
	}
	return done.StatusCode, done.Header.Get("Content-Type"), answer
}
