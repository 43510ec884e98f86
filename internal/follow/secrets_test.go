package follow

import (
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
	"hub/internal/mask"
)

// A container may repeat what it was given, at once or in pieces; what has come of
// a line before a pause goes out as a part.
func TestALogShowsNoSecret(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	h.follower.mask = new(mask.Set)
	h.follower.mask.Add("hunter2")
	name, topic := name()
	h.run(name, `echo is it hunter2; printf 'or hun'; sleep 0.5; echo ter2; printf 'or hun'; sleep 0.5; echo dreds; echo eHhodW50ZXIyeHg= >&2; exec sleep 1000`)
	r := h.read(docs(), topic)
	r.untilSaid("eHho")
	all := r.String()
	if strings.Contains(all, "hunter2") || strings.Contains(all, "hun…") || strings.Contains(all, "bnRlcj") || !strings.Contains(all, "hundreds") {
		t.Error(all)
	}
	r.want("is it ***|or …***|or …hundreds|!eHho***eHg=")
}
