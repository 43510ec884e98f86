package http

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	nethttp "net/http"
	"net/url"
	"testing"
	"time"

	"github.com/coder/websocket"
	gosse "github.com/tmaxmax/go-sse"
)

// event is an object of a stream as a client sees it.
type event struct {
	ID    string
	N     uint64
	Topic string
	Type  string
	Data  data
	raw   string
}

// data is that of all types together; what is no object is nothing.
type data struct {
	Topic, From, To, Reason, Line, Status, Detail, Op string
	Count                                             *uint64
	Ref                                               json.RawMessage
}

func (d *data) UnmarshalJSON(text []byte) error {
	type plain data
	if text[0] != '{' {
		return nil
	}
	return json.Unmarshal(text, (*plain)(d))
}

// own reports whether it is one of the hub's own messages about the connection.
func (e event) own() bool {
	switch e.Type {
	case "hello", "ok", "error", "ping", "bye", "busy":
		return true
	}
	return false
}

// feed is a stream of JSON objects in one of the transports, read by a client of
// another author: io.EOF when it ended as it should.
type feed struct {
	t     testing.TB
	next  func() ([]byte, error)
	close func()                  // without a word, at once
	send  func(text string) error // sends a message; a WebSocket's alone
}

// transports are those that carry events as JSON.
var transports = []string{"ws", "wslines", "sse", "ndjson", "page"}

// accepts is the Accept head of each transport that has one.
var accepts = map[string]string{
	"sse": "text/event-stream", "ndjson": "application/x-ndjson", "page": "application/json", "text": "text/plain",
}

// open follows /stream with this query in a transport.
func (h *testHub) open(transport string, query url.Values) *feed {
	h.t.Helper()
	f, err := h.tryOpen(transport, query)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(f.close)
	return f
}

func (h *testHub) tryOpen(transport string, query url.Values) (*feed, error) {
	ctx, cancel := context.WithCancel(context.Background())
	client := &nethttp.Client{Transport: &nethttp.Transport{DialContext: (&net.Dialer{}).DialContext}}
	f := &feed{t: h.t, close: func() { cancel(); client.CloseIdleConnections() }}
	target := "http://" + h.addr + "/stream"
	if transport == "page" {
		f.next = pages(ctx, client, target, query)
		return f, nil
	}
	if transport == "ws" || transport == "wslines" {
		if transport == "wslines" {
			query = maps.Clone(query)
			query.Set("format", "ndjson")
		}
		c, _, err := websocket.Dial(ctx, target+"?"+query.Encode(), nil)
		if err != nil {
			cancel()
			return nil, err
		}
		c.SetReadLimit(64 << 10)
		if transport == "wslines" {
			c.SetReadLimit(256 << 10)
		}
		f.close = func() { _ = c.CloseNow(); cancel() }
		f.send = func(text string) error { return c.Write(ctx, websocket.MessageText, []byte(text)) }
		f.next = func() ([]byte, error) {
			_, message, err := c.Read(ctx)
			if websocket.CloseStatus(err) == websocket.StatusNormalClosure {
				err = io.EOF
			}
			return message, err
		}
		if transport == "wslines" {
			f.next = eachLine(f.next)
		}
		return f, nil
	}
	answer, err := ask(ctx, client, transport, target+"?"+query.Encode())
	if err != nil {
		f.close()
		return nil, err
	}
	switch transport {
	case "sse":
		type result struct {
			data string
			err  error
		}
		events := make(chan result)
		go func() {
			defer close(events)
			for e, err := range gosse.Read(answer.Body, &gosse.ReadConfig{MaxEventSize: 1 << 20}) {
				select {
				case events <- result{e.Data, err}:
				case <-ctx.Done():
					return
				}
			}
		}()
		f.next = func() ([]byte, error) {
			r, ok := <-events
			if !ok {
				return nil, io.EOF
			}
			return []byte(r.data), r.err
		}
	case "ndjson":
		in := bufio.NewReader(answer.Body)
		f.next = func() ([]byte, error) {
			line, err := in.ReadBytes('\n')
			return bytes.TrimSuffix(line, []byte("\n")), err
		}
	}
	return f, nil
}

// eachLine gives the lines of messages, each of which must end one.
func eachLine(message func() ([]byte, error)) func() ([]byte, error) {
	var lines [][]byte
	return func() ([]byte, error) {
		for len(lines) == 0 {
			m, err := message()
			if err != nil {
				return nil, err
			}
			body, whole := bytes.CutSuffix(m, []byte("\n"))
			if !whole {
				return nil, fmt.Errorf("a message ends within a line: %q", m)
			}
			lines = bytes.Split(body, []byte("\n"))
		}
		line := lines[0]
		lines = lines[1:]
		return line, nil
	}
}

func ask(ctx context.Context, client *nethttp.Client, transport, target string) (*nethttp.Response, error) {
	r, err := nethttp.NewRequestWithContext(ctx, nethttp.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", accepts[transport])
	answer, err := client.Do(r)
	if err == nil && answer.StatusCode != nethttp.StatusOK {
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		err = fmt.Errorf("%s: %s %s", target, answer.Status, body)
	}
	return answer, err
}

// pages polls, one page after the other.
func pages(ctx context.Context, client *nethttp.Client, target string, query url.Values) func() ([]byte, error) {
	var page struct {
		Events []json.RawMessage
		Next   string
		Ended  bool
	}
	return func() ([]byte, error) {
		for len(page.Events) == 0 {
			if page.Ended {
				return nil, io.EOF
			}
			q := url.Values{"topic": query["topic"], "wait": {"10s"}, "limit": {"100"}}
			for name, values := range query {
				if page.Next == "" || name != "since" && name != "tail" && name != "last_event_id" {
					q[name] = values
				}
			}
			if page.Next != "" {
				q.Set("since", page.Next)
			}
			answer, err := ask(ctx, client, "page", target+"?"+q.Encode())
			if err != nil {
				return nil, err
			}
			err = json.NewDecoder(answer.Body).Decode(&page)
			answer.Body.Close()
			if err != nil {
				return nil, err
			}
		}
		e := page.Events[0]
		page.Events = page.Events[1:]
		return e, nil
	}
}

// event is the next object.
func (f *feed) event() (event, error) {
	object, err := f.next()
	if err != nil {
		return event{}, err
	}
	var e event
	if err := json.Unmarshal(object, &e); err != nil {
		return e, fmt.Errorf("%q: %w", object, err)
	}
	e.raw = string(object)
	return e, nil
}

// want is the next event that is not about the connection.
func (f *feed) want(what string) event {
	f.t.Helper()
	type result struct {
		e   event
		err error
	}
	came := make(chan result, 1)
	go func() {
		for {
			e, err := f.event()
			if err != nil || !e.own() {
				came <- result{e, err}
				return
			}
		}
	}()
	select {
	case r := <-came:
		if r.err != nil {
			f.t.Fatalf("%s: %v", what, r.err)
		}
		return r.e
	case <-time.After(10 * time.Second):
		f.t.Fatalf("%s: nothing comes", what)
		return event{}
	}
}

// rest is everything until the end of the stream.
func (f *feed) rest() (events []event) {
	f.t.Helper()
	for {
		e, err := f.event()
		if errors.Is(err, io.EOF) {
			return events
		}
		if err != nil {
			f.t.Fatalf("after %d events: %v", len(events), err)
		}
		if !e.own() {
			events = append(events, e)
		}
	}
}
