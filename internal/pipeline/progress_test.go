package pipeline

import "testing"

// climbs checks the progress of a run: it speaks for the whole, and does not fall.
func (w *world) climbs(id string, upTo float64) {
	w.Helper()
	last := 0.0
	stage := ""
	for _, e := range w.events.of(id) {
		if e.kind == "stage" {
			stage, _ = e.data["stage"].(string)
		}
		percent, ok := e.data["percent"].(float64)
		if e.kind != "progress" || !ok {
			continue
		}
		own, _ := e.data["stage_percent"].(float64)
		if e.data["stage"] != stage || percent < last || percent > 100 || own < 0 || own > 100 {
			w.Errorf("in %s, after %v: %s", stage, last, e.raw)
		}
		last = percent
	}
	if last < upTo {
		w.Errorf("its last progress is %v percent, not %v", last, upTo)
	}
}

func TestProgressIsThatOfTheWholeRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{withRegistry: true})
	d := w.define(w.site(), upToPull)
	k := w.completes(d)
	w.climbs(k.ID(), 100)
	again := w.retry(k.ID(), Retry{From: "push"})
	w.completed(again)
	w.climbs(again.ID(), 100)
	d.Stages = append(d.Stages, sh("after", "printf 'one\\rtwo\\rthree\\n'"))
	k = w.completes(d)
	w.climbs(k.ID(), 83.3)
}
