package http

import (
	"encoding/json"
	"fmt"
	"io"
	nethttp "net/http"
	"os/exec"
	"strings"
	"testing"

	"hub/internal/broker"
)

// publishAnswer is what a publish is answered, well or not.
type publishAnswer struct {
	status    int
	Published *int
	Last      *string
	Detail    any
}

func (a publishAnswer) String() string {
	text, _ := json.Marshal(a)
	return fmt.Sprintf("%d %s", a.status, text)
}

// send publishes a body; kind "" is none.
func (h *testHub) send(method, target, kind string, body io.Reader, heads ...string) publishAnswer {
	h.t.Helper()
	r, err := nethttp.NewRequest(method, "http://"+h.addr+target, body)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header["Content-Type"] = []string{kind}
	if kind == "" {
		r.Header.Del("Content-Type")
	}
	for _, head := range heads {
		name, value, _ := strings.Cut(head, ": ")
		r.Header.Set(name, value)
	}
	answer, err := nethttp.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	a := publishAnswer{status: answer.StatusCode}
	if err := json.NewDecoder(answer.Body).Decode(&a); err != nil {
		h.t.Fatal(err)
	}
	return a
}

// kept are the events that the hub keeps of a topic, each as "type data".
func (h *testHub) kept(topic string) (events []string) {
	h.t.Helper()
	for _, e := range h.keptEvents(topic) {
		events = append(events, e.Kind+" "+string(e.Data()))
	}
	return events
}

func (h *testHub) keptEvents(topic string) (events []broker.Event) {
	h.t.Helper()
	s, err := h.broker.Subscribe(broker.Request{Topics: []string{topic}, Start: broker.All, Once: true})
	if err != nil {
		h.t.Fatal(err)
	}
	defer s.Close()
	for {
		had := len(events)
		if events = s.Next(append(make([]broker.Event, 0, had+1000), events...), 1<<20); len(events) == had {
			return events
		}
	}
}

// has fails the test unless the topic holds just these events.
func (h *testHub) has(topic string, want ...string) {
	h.t.Helper()
	if got := h.kept(topic); strings.Join(got, "\n") != strings.Join(want, "\n") {
		h.t.Errorf("%s holds\n%s\nwant\n%s", topic, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// published fails the test unless the answer is good and tells of n events.
func (h *testHub) published(a publishAnswer, topic string, n int) {
	h.t.Helper()
	last := ""
	if events := h.keptEvents(topic); len(events) > 0 {
		last = h.broker.ID(events[len(events)-1].Seq)
	}
	if a.status != 200 || *a.Published != n || *a.Last != last {
		h.t.Errorf("%s, want %d published and the last %q", a, n, last)
	}
}

func TestAnyBodyIsPublishedLineByLine(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	for i, kind := range []string{"", "text/plain; charset=utf-8", "application/octet-stream", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
		"image/png", "nonsense", "text/json", "application/json5"} {
		for _, method := range []string{"POST", "PUT"} {
			topic := fmt.Sprint("any/", i, method)
			a := h.send(method, "/stream/"+topic, kind, strings.NewReader("{\"a\":1}\n\n<b>&\r\nlast"))
			h.published(a, topic, 4)
			h.has(topic, `line {"line":"{\"a\":1}"}`, `line {"line":""}`, `line {"line":"<b>&"}`, `line {"line":"last"}`)
		}
	}
}

func TestAJSONBodyIsAnEventOrAnArrayOfThem(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	a := h.send("POST", "/stream/j", "Application/JSON ; charset=utf-8", strings.NewReader(` {"type":"deploy","data":{"v": 1}} `))
	h.published(a, "j", 1)
	h.published(h.send("PUT", "/stream/j", "application/json", strings.NewReader(`[{"type":"a"},{"data":[1,
		2],"type":"b"}]`)), "j", 2)
	h.has("j", `deploy {"v": 1}`, `a {}`, `b [1,2]`)
	h.published(h.send("POST", "/stream/none", "application/json", strings.NewReader(`[]`)), "none", 0)
}

func TestAnNDJSONBodyIsAnEventALine(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	body := "{\"type\":\"a\",\"data\":1}\r\n\n \n{\"type\":\"line\",\"data\":{\"line\":\"<x>\"}}\n{\"type\":\"b\",\"data\":null}"
	h.published(h.send("POST", "/stream/n", "application/x-ndjson", strings.NewReader(body)), "n", 3)
	h.has("n", `a 1`, `line {"line":"<x>"}`, `b null`)
}

func TestEndClosesATopicAfterTheBodyAndAPublishOpensItAgain(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	h.published(h.send("POST", "/stream/e?end=completed&exit_code=4", "", strings.NewReader("a")), "e", 1)
	h.published(h.send("POST", "/stream/e?end=error", "", strings.NewReader("")), "e", 0)
	h.has("e", `line {"line":"a"}`, `end {"status":"completed","exit_code":4}`, `end {"status":"error"}`)
	r := h.open("sse", map[string][]string{"topic": {"e"}, "since": {"all"}})
	if events := r.rest(); len(events) != 3 {
		t.Errorf("a reader of the ended topic had %d events", len(events))
	}
	h.published(h.send("POST", "/stream/e", "", strings.NewReader("again")), "e", 1)
	if infos := h.broker.Topics("e"); infos[0].Ended {
		t.Error("the topic is still ended")
	}
}

func TestCurlPublishesWhatIsPipedIntoIt(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	for name, args := range map[string][]string{
		"T": {"-NsT", "-"}, "post": {"-Ns", "-X", "POST", "-T", "-"}, "expect": {"-NsT", "-", "-H", "Expect: 100-continue"},
		"data": {"-s", "--data-binary", "@-"}, "http1.0": {"-0", "-s", "--data-binary", "@-"},
	} {
		curl := exec.CommandContext(t.Context(), "curl", append(args, "http://"+h.addr+"/stream/curl/"+name)...)
		curl.Stdin = strings.NewReader("one\ntwo\n")
		out, err := curl.Output()
		if err != nil || !strings.HasPrefix(string(out), `{"published":2,"last":"`) {
			t.Errorf("%s: %s, %v", name, out, err)
		}
		h.has("curl/"+name, `line {"line":"one"}`, `line {"line":"two"}`)
	}
}
