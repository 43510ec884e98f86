package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/coder/websocket"
	gosse "github.com/tmaxmax/go-sse"
)

// event is what a client reads of an event.
type event struct {
	ID, Type string
	N        int
	Data     struct{ Line string }
}

// follow reads a topic over one transport, with a client of another author, and gives each event to take until that says no. It then
// breaks the connection off. With an id it goes on after it. done is whether the stream ended by itself.
func (h *running) follow(transport, topic, id string, take func(event) bool) (done bool, err error) {
	ctx, cut := context.WithCancel(h.t.Context())
	defer cut()
	target := h.url + "/stream/" + topic
	one := func(text []byte) (bool, error) {
		var e event
		if err := json.Unmarshal(text, &e); err != nil {
			return false, fmt.Errorf("%s: %q: %w", transport, text, err)
		}
		if e.ID == "" {
			return true, nil // hello, ping
		}
		return take(e), nil
	}
	switch transport {
	case "ws":
		return h.followWebSocket(ctx, target+"?last_event_id="+id, one)
	case "page":
		return h.followPages(ctx, target+"?wait=20s&limit=7", id, one)
	}
	r, err := http.NewRequestWithContext(ctx, "GET", target, nil)
	if err != nil {
		return false, err
	}
	r.Header.Set("Accept", map[string]string{"sse": "text/event-stream", "ndjson": "application/x-ndjson"}[transport])
	if id != "" {
		r.Header.Set("Last-Event-ID", id)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false, err
	}
	defer answer.Body.Close()
	if transport == "ndjson" {
		for in := bufio.NewReader(answer.Body); ; {
			line, err := in.ReadBytes('\n')
			if err != nil {
				return err == io.EOF, nil
			}
			if more, err := one(line); err != nil || !more {
				return false, err
			}
		}
	}
	for e, err := range gosse.Read(answer.Body, &gosse.ReadConfig{MaxEventSize: 1 << 20}) {
		if err != nil {
			return false, err
		}
		if more, err := one([]byte(e.Data)); err != nil || !more {
			return false, err
		}
	}
	return true, nil
}

func (h *running) followWebSocket(ctx context.Context, target string, one func([]byte) (bool, error)) (bool, error) {
	c, _, err := websocket.Dial(ctx, target, nil)
	if err != nil {
		return false, err
	}
	defer c.CloseNow()
	for {
		_, message, err := c.Read(ctx)
		if err != nil {
			return websocket.CloseStatus(err) == websocket.StatusNormalClosure, nil
		}
		if more, err := one(message); err != nil || !more {
			return false, err
		}
	}
}

func (h *running) followPages(ctx context.Context, target, id string, one func([]byte) (bool, error)) (bool, error) {
	for {
		r, err := http.NewRequestWithContext(ctx, "GET", target+"&since="+url.QueryEscape(id), nil)
		if err != nil {
			return false, err
		}
		r.Header.Set("Accept", "application/json")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return false, err
		}
		var page struct {
			Events []json.RawMessage
			Next   string
			Ended  bool
		}
		err = json.NewDecoder(answer.Body).Decode(&page)
		answer.Body.Close()
		if err != nil {
			return false, err
		}
		for _, e := range page.Events {
			if more, err := one(e); err != nil || !more {
				return false, err
			}
		}
		if id = page.Next; page.Ended {
			return true, nil
		}
	}
}

// everyLineOnce fails the test unless the events are the lines, in order, and then the end.
func everyLineOnce(t *testing.T, who string, events []event, lines []string) {
	t.Helper()
	if len(events) != len(lines)+1 || events[len(events)-1].Type != "end" {
		t.Errorf("%s has %d events of %d lines and the end", who, len(events), len(lines))
		return
	}
	for i, line := range lines {
		if e := events[i]; e.N != i+1 || e.Type != "line" || e.Data.Line != line {
			t.Errorf("%s: event %d is %+v, want %q", who, i+1, e, line)
			return
		}
	}
}
