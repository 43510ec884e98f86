package http

import (
	"bytes"
	"encoding/json"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
)

func TestOddBytesDoNoHarmOnAnyTransport(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	body := "nul \x00 here\r\nnot \xff\xfe utf\xc3\x28\r\n\u2028 \u2029 <&>\"\\\r\n\x1b[31mred\x1b[0m\n: data\nevent: end\n"
	want := []string{"nul \x00 here", "not \ufffd\ufffd utf\ufffd(", "\u2028 \u2029 <&>\"\\", "\x1b[31mred\x1b[0m", ": data", "event: end"}
	h.published(h.send("PUT", "/stream/odd?end=completed", "", strings.NewReader(body)), "odd", len(want))
	var first []string
	for _, transport := range transports {
		var raws []string
		for i, e := range h.open(transport, map[string][]string{"topic": {"odd"}}).rest() {
			raws = append(raws, e.raw)
			if i < len(want) && e.Data.Line != want[i] {
				t.Errorf("%s: %q, want %q", transport, e.Data.Line, want[i])
			}
		}
		if first == nil {
			first = raws
		}
		if len(raws) != len(want)+1 || strings.Join(raws, "\n") != strings.Join(first, "\n") {
			t.Errorf("%s: %q", transport, raws)
		}
	}
	_, text := h.get("/stream/odd?format=text")
	if got := strings.Join(want, "\n") + "\n--- end: completed\n"; text != got {
		t.Errorf("text: %q, want %q", text, got)
	}
}

// paced is a body that is never further ahead of its reader than slack bytes.
type paced struct {
	text  string
	slack int
	took  chan int // bytes that the reader has had
}

func (p *paced) Read(b []byte) (int, error) {
	if p.text == "" {
		return 0, io.EOF
	}
	for p.slack <= 0 {
		p.slack += <-p.took
	}
	n := copy(b[:min(len(b), 64<<10)], p.text)
	p.text, p.slack = p.text[n:], p.slack-n
	return n, nil
}

func TestALineOf10MBArrivesWholeInPartsAtAReaderThatKeepsUp(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	const size = 10 << 20
	line := strings.Repeat("0123456789é\"", size/13)
	for _, transport := range []string{"ws", "sse", "ndjson"} {
		reader := h.open(transport, map[string][]string{"topic": {transport}})
		answered := make(chan publishAnswer, 1)
		body := &paced{text: line + "\nnext", slack: 4 << 20, took: make(chan int, 1000)}
		go func() { answered <- h.send("PUT", "/stream/"+transport+"?end=completed", "", body) }()
		var whole strings.Builder
		var events []event
		for e, err := reader.event(); err == nil; e, err = reader.event() {
			if !e.own() {
				events = append(events, e)
				body.took <- len(e.Data.Line)
			}
		}
		for i, e := range events[:len(events)-2] {
			whole.WriteString(e.Data.Line)
			var part struct {
				Data struct {
					Part int
					Last bool
				}
			}
			if err := json.Unmarshal([]byte(e.raw), &part); err != nil || part.Data.Part != i+1 || part.Data.Last != (i == len(events)-3) || len(e.raw) > broker.MaxJSON {
				t.Fatalf("%s: part %d is %.300s", transport, i+1, e.raw)
			}
		}
		if whole.String() != line || events[len(events)-2].Data.Line != "next" {
			t.Errorf("%s: %d bytes in %d events", transport, whole.Len(), len(events))
		}
		if a := <-answered; *a.Published != len(events)-1 {
			t.Errorf("%s: %s, %d events", transport, a, len(events))
		}
	}
}

func TestRedrawsComeFourTimesASecondAndTheLastStateIsNeverLost(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	reader := h.open("ndjson", map[string][]string{"topic": {"bar"}})
	p := h.pipe("/stream/bar?end=completed")
	began := time.Now()
	for n := 0; time.Since(began) < time.Second; n++ {
		p.chunk("working\r")
		p.chunk(strings.Repeat("#", n%40+1) + "\r")
		time.Sleep(5 * time.Millisecond)
	}
	p.chunk("almost\r")
	took := time.Since(began)
	states, last := 0, ""
	for last != "almost" { // also the last, though nothing follows it
		e := reader.want("a state")
		if last = e.Data.Line; e.Type != "progress" {
			t.Errorf("%s", e.raw)
		}
		states++
	}
	if most := int(took/(250*time.Millisecond)) + 2; states < 2 || states > most {
		t.Errorf("%d states in %v", states, took)
	}
	p.chunk("done\r\n")
	p.chunk("")
	if e := reader.want("the line"); e.Type != "line" || e.Data.Line != "done" {
		t.Errorf("%s", e.raw)
	}
}

// generator is a body of so many bytes without a newline.
type generator struct {
	left int
	peak func()
}

func (g *generator) Read(p []byte) (int, error) {
	if g.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, bytes.Repeat([]byte("x"), min(len(p), g.left)))
	if g.left/(16<<20) != (g.left-n)/(16<<20) {
		g.peak()
	}
	g.left -= n
	return n, nil
}

func TestALineWithoutEndNeedsNoMemory(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxBytes: 1 << 20}})
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most := heap(), uint64(0)
	body := &generator{left: 300 << 20, peak: func() { most = max(most, heap()) }}
	if a := h.send("PUT", "/stream/endless", "", body); a.status != 200 || *a.Published < 300<<20/broker.MaxJSON {
		t.Errorf("%s", a)
	}
	t.Logf("a line of 300 MiB: the heap grew by at most %d KiB", (int64(most)-int64(before))>>10)
	if most > before+8<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, most)
	}
}
