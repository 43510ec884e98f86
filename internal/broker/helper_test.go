package broker

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// publish appends n events of kind "line" to a topic.
func publish(t testing.TB, b *Broker, topic string, n int) (last uint64) {
	t.Helper()
	for range n {
		last = publishKind(t, b, topic, "line")
	}
	return last
}

func publishKind(t testing.TB, b *Broker, topic, kind string) (seq uint64) {
	t.Helper()
	seq, err := b.Publish(topic, kind, []byte(`{"line":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func subscribe(t testing.TB, b *Broker, start Start, topics ...string) *Subscription {
	t.Helper()
	return open(t, b, Request{Topics: topics, Start: start})
}

func open(t testing.TB, b *Broker, r Request) *Subscription {
	t.Helper()
	s, err := b.Subscribe(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// next is all that there is for a reader now, told by story.
func next(t testing.TB, s *Subscription) string {
	t.Helper()
	var all []Event
	for {
		events := s.Next(make([]Event, 0, 100), 1<<20)
		if len(events) == 0 {
			return story(t, all)
		}
		all = append(all, events...)
	}
}

// story tells events as "a1 a2 b1", each by its topic and number, an end with a
// dot behind it, and a gap as "gap(a 3-7 count reason)", with "@7" behind it when
// it has an id.
func story(t testing.TB, events []Event) string {
	t.Helper()
	var words []string
	for _, e := range events {
		switch e.Kind {
		case KindGap:
			var wire struct {
				ID   string
				Data gapData
			}
			if err := json.Unmarshal(e.JSON(), &wire); err != nil {
				t.Fatalf("gap %s: %v", e.JSON(), err)
			}
			g := wire.Data
			count := "null"
			if g.Count != nil {
				count = fmt.Sprint(*g.Count)
			}
			word := fmt.Sprintf("gap(%s %s-%s %s %s)", g.Topic, digits(g.From), digits(g.To), count, g.Reason)
			if wire.ID != "" {
				word += "@" + digits(wire.ID)
			}
			words = append(words, word)
		case KindEnd:
			words = append(words, fmt.Sprint(e.Topic, e.N, "."))
		default:
			words = append(words, fmt.Sprint(e.Topic, e.N))
		}
	}
	return strings.Join(words, " ")
}

func digits(id string) string {
	_, seq, _ := strings.Cut(id, "-")
	return seq
}

func wants(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}
