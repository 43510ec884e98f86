package broker

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func only(t testing.TB, b *Broker, topic string) Event {
	t.Helper()
	events := subscribe(t, b, Tail(1), topic).Next(nil, 1<<20)
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	return events[0]
}

// frames holds the encodings of one event against each other: the same JSON,
// byte for byte, on every transport.
func frames(t testing.TB, e *Event) {
	t.Helper()
	body := e.JSON()
	if !json.Valid(body) || !utf8.Valid(body) || bytes.ContainsAny(body, "\r\n") {
		t.Fatalf("no line of JSON: %q", body)
	}
	if got := string(e.Line()); got != string(body)+"\n" {
		t.Errorf("line %q", got)
	}
	sse := "data: " + string(body) + "\n\n"
	var wire struct {
		ID, Topic, Type, Time string
		N                     uint64
		Data                  json.RawMessage
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		t.Fatal(err)
	}
	if wire.ID != "" {
		sse = "id: " + wire.ID + "\n" + sse
	}
	if e.Kind == KindEnd || e.Kind == KindGap {
		sse = "event: " + e.Kind + "\n" + sse
	}
	if got := string(e.SSE()); got != sse {
		t.Errorf("server-sent event\n got %q\nwant %q", got, sse)
	}
	if wire.Topic != e.Topic || wire.Type != e.Kind || wire.N != e.N || string(wire.Data) != string(e.Data()) {
		t.Errorf("%s is not topic %s, type %s, number %d, data %s", body, e.Topic, e.Kind, e.N, e.Data())
	}
	if at, err := time.Parse(time.RFC3339, wire.Time); err == nil && !at.Equal(e.Time()) {
		t.Errorf("time %s, Time() %s", wire.Time, e.Time())
	}
	frame := e.AppendWebSocket([]byte("before"))[len("before"):]
	head := []byte{0x81, byte(len(body))}
	if len(body) > 125 {
		head = []byte{0x81, 126, byte(len(body) >> 8), byte(len(body))}
	}
	if string(frame) != string(head)+string(body) {
		t.Errorf("WebSocket frame begins % x, want % x and the JSON", frame[:len(head)], head)
	}
}

func TestEventOnTheWire(t *testing.T) {
	b := New(Options{})
	at := time.Date(2026, 11, 23, 21, 11, 47, 123_999_999, time.FixedZone("", 3600))
	for _, kind := range []string{"line", KindEnd, KindGap, strings.Repeat("k", MaxKind)} {
		if _, err := b.PublishAll("ci/42", Message{Kind: kind, Data: []byte(`{"line":"hällo"}`), Time: at}); err != nil {
			t.Fatal(err)
		}
		e := only(t, b, "ci/42")
		frames(t, &e)
		want := fmt.Sprintf(`{"id":"%s-%d","n":%[2]d,"topic":"ci/42","type":"%s","time":"2026-11-23T20:11:47.123Z","data":{"line":"hällo"}}`, b.Epoch(), e.Seq, kind)
		wants(t, "JSON", string(e.JSON()), want)
	}
	publishKind(t, b, "empty", "status")
	if _, err := b.Publish("empty", "status", nil); err != nil {
		t.Fatal(err)
	}
	e := only(t, b, "empty")
	wants(t, "no data is an empty object", string(e.Data()), "{}")
}

func TestGapOnTheWire(t *testing.T) {
	b := New(Options{})
	for _, g := range []gap{
		{topic: "a/b", from: 3, to: 17, count: 5, known: true, reason: "slow", place: true},
		{topic: "a/b", from: 3, to: 17, reason: "evicted"},
		{topic: "tasks/**", fromID: "0ld-99", reason: "restart", place: true},
	} {
		e := b.gap(g)
		frames(t, &e)
	}
	e := b.gap(gap{topic: "a", from: 3, to: 17, count: 5, known: true, reason: "slow", place: true})
	wants(t, "JSON", strings.ReplaceAll(string(e.JSON()), b.Epoch(), "e"),
		`{"id":"e-17","topic":"a","type":"gap","data":{"topic":"a","from":"e-3","to":"e-17","count":5,"reason":"slow"}}`)
	if !e.Time().IsZero() || e.N != 0 {
		t.Error("a gap made for one reader has a time or a number")
	}
}

// A WebSocket frame's length is one byte up to 125, three from 126.
func TestFrameHeads(t *testing.T) {
	b := New(Options{})
	lengths := map[int]bool{}
	for size := range 60 {
		if _, err := b.Publish("a", "l", []byte(`"`+strings.Repeat("x", size)+`"`)); err != nil {
			t.Fatal(err)
		}
		e := only(t, b, "a")
		frames(t, &e)
		lengths[len(e.JSON())] = true
	}
	if !lengths[125] || !lengths[126] {
		t.Errorf("the border was not met: %v", lengths)
	}
}

func TestNoEventIsLargerThan60KiB(t *testing.T) {
	b := New(Options{})
	refused := 0
	for size := MaxJSON - 160; size < MaxJSON; size++ {
		_, err := b.Publish("a", KindEnd, []byte(`"`+strings.Repeat("x", size)+`"`))
		if err != nil {
			if refused++; !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
			continue
		}
		e := only(t, b, "a")
		if frames(t, &e); len(e.JSON()) > MaxJSON || refused > 0 {
			t.Fatalf("%d bytes of JSON after %d refusals", len(e.JSON()), refused)
		}
	}
	if e := only(t, b, "a"); refused == 0 || len(e.JSON()) < MaxJSON-32 {
		t.Errorf("%d refused, the largest has %d bytes", refused, len(e.JSON()))
	}
}

func TestDataIsMadeOneLine(t *testing.T) {
	b := New(Options{})
	if _, err := b.Publish("a", "line", []byte("{\n\t\"a\": [1,\r\n 2]\n}\n")); err != nil {
		t.Fatal(err)
	}
	e := only(t, b, "a")
	wants(t, "compacted", string(e.Data()), `{"a":[1,2]}`)
	for _, bad := range []string{"{\n", "\"a\nb\"", "1\n2", "\r"} {
		if _, err := b.Publish("a", "line", []byte(bad)); !errors.Is(err, ErrBadData) {
			t.Errorf("data %q: %v", bad, err)
		}
	}
}

func TestKinds(t *testing.T) {
	b := New(Options{})
	for _, bad := range []string{"", "a b", "a\nb", `a"`, "ä", "a/b", "*", strings.Repeat("k", MaxKind+1)} {
		if _, err := b.Publish("a", bad, nil); !errors.Is(err, ErrBadKind) {
			t.Errorf("kind %q: %v", bad, err)
		}
	}
	if b.Exists("a") {
		t.Error("a refused publish made a topic")
	}
}

// Data is not kept: its owner may use the buffer again.
func TestDataIsCopied(t *testing.T) {
	b := New(Options{})
	buffer := []byte(`{"line":"first"}`)
	if _, err := b.Publish("a", "line", buffer); err != nil {
		t.Fatal(err)
	}
	copy(buffer, `{"line":"XXXXX"}`)
	e := only(t, b, "a")
	wants(t, "data", string(e.Data()), `{"line":"first"}`)
}

func FuzzEncoding(f *testing.F) {
	f.Add("a/b", "line", "hello", int64(1), uint64(0))
	f.Add("a", "end", "\r\n\x00\xff\u2028", int64(-1<<40), uint64(99_999))
	f.Fuzz(func(t *testing.T, topic, kind, text string, at int64, seq uint64) {
		b := New(Options{})
		b.seq = seq % 1e15 // as if so many events had been
		b.head.Store(b.seq)
		b.journal.first = b.seq + 1
		data, _ := json.Marshal(map[string]string{"line": text})
		_, err := b.PublishAll(topic, Message{Kind: kind, Data: data, Time: time.UnixMilli(at % 1e14)})
		if err != nil {
			return
		}
		e := only(t, b, topic)
		frames(t, &e)
	})
}
