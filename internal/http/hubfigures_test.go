package http

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hub/internal/broker"
	"hub/internal/task"
)

// figures asks for the hub's own.
func (h *testHub) figures() (f hubFigures) {
	h.t.Helper()
	r, text := h.get("/system/hub")
	if err := json.Unmarshal([]byte(text), &f); err != nil || r.StatusCode != 200 {
		h.t.Fatalf("%d %s: %v", r.StatusCode, text, err)
	}
	return f
}

func TestTheHubTellsWhoReadsAndWhatItKeeps(t *testing.T) {
	h := startTaskHub(t, task.Options{Running: 1}, broker.Options{})
	at := time.Date(2026, 11, 23, 20, 11, 47, 0, time.UTC)
	forwarders := []ForwarderFigures{{Name: "forwarding", Endpoint: "https://a.test", Backlog: 3, Failing: true, LastError: "no", LastErrorAt: &at}}
	h.server.engineFigures = func() EngineFigures { return EngineFigures{Connected: true, Version: "28.5.2", API: "1.51"} }
	h.server.forwarderFigures = func() []ForwarderFigures { return forwarders }
	h.lines("ci/1", 1, 5)
	for _, transport := range []string{"ws", "sse", "sse", "ndjson", "text"} {
		h.open(transport, url.Values{"topic": {"ci/1"}})
	}
	slow, err := h.broker.Subscribe(broker.Request{Topics: []string{"ci/*"}, Start: broker.All})
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	for range 2 {
		_, err := h.server.tasks.Start(task.Spec{Type: "t", Run: func(ctx context.Context, _ *task.Task) (task.Outcome, error) {
			<-ctx.Done()
			return task.Outcome{}, ctx.Err()
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	var f hubFigures
	h.await(5*time.Second, "the streams to have read all", func() bool {
		f = h.figures()
		return f.Streams.Open == 5 && f.Readers.Behind == 1
	})
	if diff := cmp.Diff(streamFigures{Open: 5, Most: f.Streams.Most, WS: 1, SSE: 2, NDJSON: 1, Text: 1}, f.Streams); diff != "" {
		t.Errorf("streams (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(readerFigures{Total: 6, Behind: 1, Lag: 5, TotalLag: 5, Slowest: []slowReader{{[]string{"ci/*"}, 5}}}, f.Readers); diff != "" {
		t.Errorf("readers (-want +got):\n%s", diff)
	}
	if f.History.Topics != 3 || f.History.Events < 7 || f.History.Bytes < 500 || f.History.MaxBytes != 512<<20 {
		t.Errorf("history %+v", f.History)
	}
	if f.Tasks != (taskFigures{Running: 1, Queued: 1}) || !f.Engine.Connected || f.UptimeSeconds <= 0 {
		t.Errorf("tasks %+v, engine %+v, up %v s", f.Tasks, f.Engine, f.UptimeSeconds)
	}
	if diff := cmp.Diff(forwarders, f.Forwarders); diff != "" {
		t.Errorf("forwarders (-want +got):\n%s", diff)
	}
	if f.Process.Goroutines < 5 || f.Process.HeapBytes < 1<<20 {
		t.Errorf("process %+v", f.Process)
	}
}

func TestAHubAloneTellsThatNobodyIsThere(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	_, text := h.get("/system/hub")
	var f hubFigures
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	if f.Engine.Connected || f.Engine.Reason == "" || f.Forwarders == nil || f.Readers.Slowest == nil || f.Streams.Open != 0 {
		t.Errorf("%s", text)
	}
}
