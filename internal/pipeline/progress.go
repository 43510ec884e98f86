package pipeline

import (
	"encoding/json"
	"math"
)

// Publish passes on what the current stage prints. Progress speaks for the whole run: each stage is an equal share of it, and has its
// own percent beside.
func (r *run) Publish(kind string, data []byte) error {
	if kind == "progress" {
		data = r.share(data)
	}
	return r.task.Publish(kind, data)
}

func (r *run) share(data []byte) []byte {
	var p map[string]json.RawMessage
	var percent float64
	if json.Unmarshal(data, &p) != nil || json.Unmarshal(p["percent"], &percent) != nil {
		return data // a redraw of a line
	}
	all := float64(len(r.def.Stages))
	set := func(name string, value any) { p[name], _ = json.Marshal(value) }
	set("stage", r.def.Stages[r.stage].name())
	set("stage_percent", percent)
	set("percent", math.Floor((float64(r.stage)*100+percent)/all*10)/10)
	scaled, err := encode(p)
	if err != nil {
		return data
	}
	return scaled
}
