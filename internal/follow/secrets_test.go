package follow

import (
	"encoding/json"
	"strings"
	"testing"

	"hub/internal/broker"
	"hub/internal/docker/dockertest"
)

// A container may repeat what it was given. Its engine hands a line out in pieces
// of 16 KiB: the first ends in the middle of the secret here, and goes out as a
// part before the rest is written.
func TestALogShowsNoSecret(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	h.follower.mask.Add("hunter2")
	name, topic := name()
	id := h.run(name, `echo is it hunter2; echo eHhodW50ZXIyeHg=
		head -c 16382 /dev/zero | tr '\0' x; printf hu; while [ ! -e /go ]; do usleep 10000; done; echo nter2; exec sleep 1000`)
	r := h.read(broker.All, topic)
	r.untilSaid(`xx","part":1}`)
	h.exec(id, "touch", "/go")
	r.untilSaid(`"last":true`)
	var told []string
	long := ""
	for i := range r.events {
		var d struct {
			Line string
			Part int
		}
		if err := json.Unmarshal(r.events[i].Data(), &d); err != nil {
			t.Fatal(err)
		}
		if d.Part > 0 {
			long += d.Line
		} else {
			told = append(told, d.Line)
		}
	}
	if got := strings.Join(told, "|"); got != "is it ***|eHh***eHg=" {
		t.Error(got)
	}
	if want := strings.Repeat("x", 16382) + "***"; long != want {
		t.Errorf("%d bytes, ending in %q", len(long), long[max(0, len(long)-10):])
	}
}
