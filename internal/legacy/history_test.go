package legacy

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func index(all []Event) (int, func(int) Event) {
	return len(all), func(i int) Event { return all[i] }
}

const pipeline = `
	status {"task":"html_site_pipeline","status":"running"}
	stage {"stage":"build","status":"starting"}
	line {"line":"one"}
	line {"line":"tw","part":1}
	line {"line":"o","part":2,"last":true}
	line {"line":"three"}
	stage {"stage":"build","status":"completed"}
	line {"line":"four"}
	end {"status":"completed"}`

// Stage events are always listed; of the lines the newest, as far as the limit goes.
func TestEventsLimit(t *testing.T) {
	for limit, want := range map[int]string{
		0:    "starting completed",
		2:    "starting completed",
		3:    "starting completed four",
		5:    "starting two three completed four",
		6:    "starting one two three completed four",
		1000: "starting one two three completed four",
	} {
		n, at := index(events(pipeline))
		var got []string
		for _, raw := range Events("p", n, at, limit) {
			var o struct {
				Status string
				Chunk  struct{ Stream string }
			}
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			if o.Status == "stream" {
				o.Status = strings.TrimSuffix(o.Chunk.Stream, "\n")
			}
			got = append(got, o.Status)
		}
		if have := strings.Join(got, " "); have != want {
			t.Errorf("limit %d: %s, want %s", limit, have, want)
		}
	}
}

// What a limit leaves out is not read: ten lines cost the same of a long history as of a short one.
func TestOnlyWhatIsShownIsRead(t *testing.T) {
	cost := func(lines int) float64 {
		all := events(running)
		for i := range lines {
			all = append(all, Event{"line", at, fmt.Appendf(nil, `{"line":"%d"}`, i)})
		}
		all = append(all, events(`
			line {"line":"a","part":1}
			line {"line":"b","part":2,"last":true}`)...)
		n, at := index(all)
		return testing.AllocsPerRun(3, func() {
			if a, b := len(Events("x", n, at, 10)), len(Lines(n, at, 10)); a != 10 || b != 10 {
				t.Fatalf("%d events and %d lines, want 10", a, b)
			}
		})
	}
	if short, long := cost(50), cost(5000); long > 2*short { // the race detector makes them vary
		t.Errorf("%v allocations of 5,000 lines, %v of 50", long, short)
	}
}

// Lines are whole, also those that others run through, and the unfinished one shows as far as it has come.
func TestLines(t *testing.T) {
	text := running + `
		line {"stream":"stdout","line":"first"}
		line {"stream":"stdout","line":"lo","part":1}
		line {"stream":"stderr","line":"warn\u2028ing"}
		progress {"stream":"stdout","line":"42%","redraw":true}
		line {"stream":"stdout","line":"ng","part":2,"last":true}
		line {"stream":"stdout","line":"Continue? ","part":1}`
	for tail, want := range map[int][]string{
		-1: nil,
		0:  nil,
		1:  {"Continue? "},
		2:  {"long", "Continue? "},
		3:  {"warn\u2028ing", "long", "Continue? "},
		9:  {"first", "warn\u2028ing", "long", "Continue? "},
	} {
		n, at := index(events(text))
		if diff := cmp.Diff(want, Lines(n, at, tail)); diff != "" && len(want) > 0 {
			t.Errorf("tail %d:\n%s", tail, diff)
		}
	}
}

func BenchmarkView(b *testing.B) {
	v := NewView(Posted, "generic_task-0011223344")
	v.Append(nil, events(running)[0])
	e := Event{"line", at, []byte(`{"stream":"stdout","line":"` + strings.Repeat("x", 200) + `"}`)}
	objects := make([]Object, 0, 1)
	b.ReportAllocs()
	for b.Loop() {
		objects = v.Append(objects[:0], e)
	}
}

// The status of a task with 100,000 lines.
func BenchmarkEvents(b *testing.B) {
	all := events(running)
	for i := range 100_000 {
		all = append(all, Event{"line", at, fmt.Appendf(nil, `{"stream":"stdout","line":"line number %d"}`, i)})
	}
	n, at := index(all)
	b.ReportAllocs()
	for b.Loop() {
		Events("x", n, at, 1000)
	}
}
