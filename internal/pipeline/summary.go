package pipeline

import "maps"

// summary is what a run that came through has come to, in the older service's words: what the definition says of itself, and status,
// run, probe, url and the facts of each stage.
func (r *run) summary() map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum := map[string]any{}
	maps.Copy(sum, r.def.About)
	maps.Copy(sum, r.rec.result)
	stages := map[string]facts{}
	for _, s := range r.rec.stages {
		stages[s.Name] = s.Facts
	}
	sum["status"], sum["stages"] = "ok", stages
	if r.made.commit != "" {
		sum["commit"] = r.made.commit
	}
	return sum
}
