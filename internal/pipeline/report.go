package pipeline

import (
	"bytes"
	"encoding/json"
	"maps"
	"time"
)

// Whatever happens to a stage is told here: to the task's readers, and to the record.

// starts says that the current stage begins.
func (r *run) starts(known facts) {
	r.change(func(s *StageInfo) { s.Status, s.Started, s.Facts = running, time.Now(), known })
	r.say("starting", known)
}

// ends says how the current stage ended.
func (r *run) ends(known, found facts, err error) {
	all := facts{}
	maps.Copy(all, known)
	maps.Copy(all, found)
	word := completed
	if err != nil {
		word = failed
		all["error"] = err.Error()
	}
	r.change(func(s *StageInfo) {
		s.Status, s.Facts, s.Duration = word, all, time.Since(s.Started)
		all["duration_sec"] = seconds(s.Duration)
		if err != nil {
			s.Error = err.Error()
		}
	})
	r.say(word, all)
}

// failsEarly says that a stage which has not begun fails.
func (r *run) failsEarly(stage int, known facts, err error) {
	r.stage = stage
	r.starts(known)
	r.ends(known, nil, err)
}

// reuse says that a stage is not run again.
func (r *run) reuse() {
	all := facts{"reused": true}
	r.mu.Lock()
	maps.Copy(all, r.rec.stages[r.stage].Facts)
	r.mu.Unlock()
	r.say(completed, all)
}

// change changes what is known of the current stage.
func (r *run) change(how func(*StageInfo)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	how(&r.rec.stages[r.stage])
}

// say publishes an event of the current stage. A publisher's failure is the task's to log.
func (r *run) say(status string, f facts) {
	s := r.def.Stages[r.stage]
	first := struct {
		Stage  string `json:"stage"`
		Status string `json:"status"`
		Kind   string `json:"kind,omitempty"`
	}{s.name(), status, ""}
	if s.name() != s.Step.Kind() {
		first.Kind = s.Step.Kind()
	}
	head, _ := encode(first)
	rest, err := encode(f)
	if err == nil && len(f) > 0 {
		head = append(append(head[:len(head)-1], ','), rest[1:]...)
	}
	_ = r.task.Publish("stage", head)
}

// end is the end of a run: what it has kept is kept from now on.
func (r *Runner) end(rec *record, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec.ended, rec.failure = time.Now(), err
	for i := range rec.stages {
		if rec.stages[i].Status == waiting {
			rec.stages[i].Status = skipped
		}
	}
	if rec.unwanted {
		r.drop(rec)
	} else {
		r.keep(rec)
	}
}

// seconds is a duration as events have it, to the millisecond.
func seconds(d time.Duration) float64 { return float64(d.Milliseconds()) / 1000 }

// encode is JSON as all events have it, without HTML escaping.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
