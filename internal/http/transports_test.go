package http

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestAnEventIsTheSameBytesOnEveryTransport(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	script(h)
	var first []string
	for _, transport := range transports {
		var got []string
		for _, e := range h.open(transport, url.Values{"topic": {"ci/1"}}).rest() {
			got = append(got, e.raw)
		}
		if first == nil {
			first = got
		}
		if len(got) != 8 || strings.Join(got, "\n") != strings.Join(first, "\n") {
			t.Errorf("%s has\n%s\nand %s has\n%s", transport, strings.Join(got, "\n"), transports[0], strings.Join(first, "\n"))
		}
	}
}

// Those who follow from the start, those who come in the middle and those who
// come at the end have the same.
func TestReadersThatStartAtDifferentMomentsHaveTheSame(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	var feeds []*feed
	join := func() {
		for _, transport := range transports {
			feeds = append(feeds, h.open(transport, url.Values{"topic": {"ci/1"}}))
		}
	}
	join()
	h.lines("ci/1", 1, 300)
	join()
	h.lines("ci/1", 301, 600)
	h.publish("ci/1", "end", `{"status":"completed"}`)
	join()
	for i, f := range feeds {
		events := f.rest()
		if len(events) != 601 {
			t.Fatalf("reader %d (%s) has %d events, want 601", i, transports[i%len(transports)], len(events))
		}
		for n, e := range events[:600] {
			if e.N != uint64(n+1) || e.Data.Line != fmt.Sprint(n+1) {
				t.Fatalf("reader %d has %s as event %d", i, e.raw, n+1)
			}
		}
	}
}

func TestATopicThatMatchesAPatternJoinsWhenItIsBorn(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	for _, transport := range transports {
		f := h.open(transport, url.Values{"topic": {"ci/*", "other"}})
		if e := f.want("the topic that was there"); e.Topic != "ci/1" {
			t.Errorf("%s: got %s", transport, e.raw)
		}
		born := "ci/new-" + transport
		h.lines(born, 1, 1)
		for {
			if e := f.want("the topic that was born"); e.Topic == born {
				break
			}
		}
		f.close()
	}
}
