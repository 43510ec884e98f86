package http

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
)

func TestACommandIsWordsOrJSON(t *testing.T) {
	tail := 5
	for text, want := range map[string]command{
		"sub ci/1":                   {Op: "sub", Topics: []string{"ci/1"}},
		"sub  ci/1\tci/2 10m":        {Op: "sub", Topics: []string{"ci/1", "ci/2"}, Since: "10m"},
		"sub ci all":                 {Op: "sub", Topics: []string{"ci"}, Since: "all"},
		"sub ci/* k7x2m-1042":        {Op: "sub", Topics: []string{"ci/*"}, Since: "k7x2m-1042"},
		"sub a 2026-11-23T20:11:47Z": {Op: "sub", Topics: []string{"a"}, Since: "2026-11-23T20:11:47Z"},
		"sub all":                    {Op: "sub", Topics: []string{"all"}},
		"unsub ci/1":                 {Op: "unsub", Topics: []string{"ci/1"}},
		"ping":                       {Op: "ping"},
		`{"op":"sub","topics":["a"],"tail":5,"types":["line"],"ref":7}`: {
			Op: "sub", Topics: []string{"a"}, Tail: &tail, Types: []string{"line"}, Ref: []byte("7")},
	} {
		got, err := parseCommand(text)
		if err != nil || fmt.Sprint(got.Op, got.Topics, got.Since, got.Types, string(got.Ref), got.Tail != nil) !=
			fmt.Sprint(want.Op, want.Topics, want.Since, want.Types, string(want.Ref), want.Tail != nil) {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", `{`, `{"op":"sub","topic":["a"]}`, `{"op":1}`, `{"op":"ping"} {"op":"ping"}`, `{"op":"ping"}}`, `{"op":"ping"} x`,
		`{"op":"ping","ref":"` + strings.Repeat("x", mostRef) + `"}`,
	} {
		if got, err := parseCommand(text); err == nil {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
}

func TestABadCommandIsAnErrorAndTheConnectionStays(t *testing.T) {
	c := startHub(t, Options{}, brokerOf(0)).socket("/stream")
	c.message()
	for text, want := range map[string]string{
		"dance":      `unknown command \"dance\"`,
		"\n":         "an empty command",
		"sub":        "at least one topic",
		"sub a//b":   "bad topic",
		"unsub":      "unsub needs a topic",
		"unsub ci/1": `\"ci/1\" is not subscribed`,
		`{"op":"sub","topics":["a"],"since":"x","ref":9}`:                       `bad since`,
		`{"op":"sub","topics":["a"],"tail":-1,"ref":9}`:                         `bad tail`,
		`{"op":"sub","topics":["a"],"types":["a b"]}`:                           `bad type`,
		`{"op":"sub","topics":"a"}`:                                             "cannot read the command",
		`{"op":"fly","ref":{"a":[1]}}`:                                          `"ref":{"a":[1]}`,
		`{"op":"sub","topics":["` + strings.Repeat(`a","`, mostTopics) + `a"]}`: "at most 128",
	} {
		c.send(0x81, text)
		if got := c.message(); !strings.HasPrefix(got, `{"type":"error","data":{"detail":"`) || !strings.Contains(got, want) {
			t.Errorf("%.60s: got %s, want %s", text, got, want)
		}
	}
	c.send(0x81, "help\n")
	if got := c.message(); !strings.Contains(got, `"type":"ok"`) || !strings.Contains(got, "unsub TOPIC") {
		t.Errorf("help: %s", got)
	}
	for i := range mostSubscriptions {
		c.send(0x81, fmt.Sprintf("sub t/%d", i))
		if got := c.message(); !strings.Contains(got, `"type":"ok"`) {
			t.Fatalf("sub %d: %s", i, got)
		}
		time.Sleep(time.Second / commandRate)
	}
	c.send(0x81, "sub t/x")
	if got := c.message(); !strings.Contains(got, "at most 128 subscriptions") {
		t.Errorf("got %s", got)
	}
}

// The answer to a sub comes before all of its events, whatever else is going on.
func TestOKComesBeforeAnythingOfItsSubscription(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				h.publish(fmt.Sprintf("t/%d", i%40), "line", `{"line":"x"}`)
				h.publish("busy", "line", `{"line":"x"}`)
			}
		}
	}()
	defer func() { close(stop); <-done }()
	c := h.socket("/stream/busy")
	for i := range 40 {
		topic := fmt.Sprintf("t/%d", i)
		c.send(0x81, `{"op":"sub","topics":["`+topic+`"],"since":"all","ref":`+fmt.Sprint(i)+`}`)
		for {
			got := c.message()
			if strings.Contains(got, `"type":"ok"`) {
				break
			}
			if strings.Contains(got, `"topic":"`+topic+`"`) && !strings.Contains(got, "hello") {
				t.Fatalf("before its ok: %s", got)
			}
		}
	}
}

func TestASubKeepsAWebSocketWhoseTopicsHaveEnded(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	c := h.socket("/stream/ci/1")
	c.message()
	c.message()
	c.send(0x81, "sub ci/2")
	c.message()
	h.publish("ci/1", "end", `{"status":"completed"}`)
	if got := c.message(); !strings.Contains(got, `"type":"end"`) {
		t.Errorf("got %s", got)
	}
	h.publish("ci/2", "end", `{"status":"completed"}`)
	c.message()
	c.send(0x81, "ping")
	if got := c.message(); !strings.Contains(got, `"op":"ping"`) {
		t.Errorf("got %s", got)
	}
}

// Who leaves the topics of the URL has not ended with them.
func TestAnUnsubOfTheLastTopicIsAnsweredAndTheConnectionStays(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	for range 30 {
		c := h.socket("/stream/ci/1")
		c.message()
		c.send(0x81, "unsub ci/1")
		if got := c.message(); !strings.Contains(got, `"op":"unsub"`) {
			t.Fatalf("got %s", got)
		}
		c.send(0x81, "ping")
		if got := c.message(); !strings.Contains(got, `"op":"ping"`) {
			t.Fatalf("got %s", got)
		}
	}
	h.lines("ci/1", 1, 1)
	h.await(time.Second, "nobody reads ci/1", func() bool { return h.readers("ci/1") == 0 })
}

// Each of several topics is left in turn, by a reader that is far behind; what
// stays goes on without a line lost or repeated, and of what was left nothing
// comes after the ok.
func TestAnUnsubOfOneOfSeveralTopicsLosesAndRepeatsNothing(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxEvents: 100_000, MaxBytes: 64 << 20}})
	const topics, each = 6, 1500
	var names []string
	for i := range topics {
		names = append(names, fmt.Sprintf("ci/%d", i))
	}
	go func() {
		padding := strings.Repeat("x", 500)
		for i := 1; i <= each; i++ {
			for _, name := range names {
				_, _ = h.broker.Publish(name, "line", fmt.Appendf(nil, `{"line":"%d %s"}`, i, padding))
			}
		}
	}()
	c := h.stalled(upgrade("/stream?since=all&topic=" + strings.Join(names, "&topic=")))
	c.head()
	last, left := map[string]uint64{}, map[string]bool{}
	for received := 0; last[names[topics-1]] < each; received++ {
		var e event
		text := c.message()
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
		switch {
		case e.Type == "ok":
			left[names[len(left)]] = true
		case e.own():
		case left[e.Topic]:
			t.Fatalf("after its unsub: %s", text)
		case e.N != last[e.Topic]+1:
			t.Fatalf("after number %d: %s", last[e.Topic], text)
		default:
			last[e.Topic] = e.N
		}
		if received%500 == 200 && received/500 < topics-1 {
			c.send(0x81, "unsub "+names[received/500])
		}
	}
	if len(left) != topics-1 {
		t.Errorf("%d topics were left", len(left))
	}
}

// The gap that a subscription owes at its start is not lost by an unsub at once.
func TestAnUnsubAtOnceKeepsTheGapOfTheStart(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 3)
	for range 30 {
		c := h.socket("/stream")
		c.message()
		_, _ = c.Write(append(masked(0x81, "sub ci/1 ci/2 zzz-4"), masked(0x81, "unsub ci/2")...))
		var got []string
		for len(got) < 5 {
			if m := c.message(); !strings.Contains(m, `"topic":"ci/2"`) {
				got = append(got, m)
			}
		}
		if all := strings.Join(got, "\n"); strings.Count(all, `"reason":"restart"`) != 1 || strings.Count(all, `"type":"ok"`) != 2 && strings.Count(all, `"line":`) != 3 {
			t.Fatalf("got\n%s", all)
		}
		c.Close()
	}
}
