package follow

import (
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
	"hub/internal/docker/dockertest"
)

// name is a container's that no other test has, and its log's topic.
func name() (name, topic string) {
	name = dockertest.Name("follow")
	return name, "containers/" + name + "/logs"
}

func TestALateReaderGetsTheHistoryWithTheEnginesTimes(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	h.ends(h.run(name, "for i in 1 2 3 4 5; do echo $i; done"))
	time.Sleep(50 * time.Millisecond) // so that now is later than the lines were
	late := time.Now()
	all, tail := h.read(broker.All, topic), h.read(broker.Tail(2), topic)
	all.untilSaid(`"5"`)
	all.want("1|2|3|4|5")
	tail.untilSaid(`"5"`)
	tail.want("4|5")
	for i := range all.events {
		if at := all.events[i].Time(); !at.Before(late) || at.Before(late.Add(-20*time.Second)) {
			t.Errorf("%s: at %v, the engine had it before %v", data(&all.events[i]), at, late)
		}
	}
}

func TestStdoutAndStderrAreApart(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	h.ends(h.run(name, "echo out; sleep 0.1; echo err >&2; sleep 0.1; echo; sleep 0.1; printf end"))
	r := h.read(broker.All, topic)
	r.untilSaid(`"end"`)
	r.want("out|!err||end")
}

func TestALineOf40KilobytesIsOne(t *testing.T) {
	for what, tty := range map[string]option{"without a terminal": plain, "with one": terminal} {
		t.Run(what, func(t *testing.T) {
			h := start(t, dockertest.Engine(t))
			name, topic := name()
			h.ends(h.run(name, "head -c 40000 /dev/zero | tr '\\0' x; echo; echo done", tty))
			r := h.read(broker.All, topic)
			r.untilSaid(`"done"`)
			r.want(strings.Repeat("x", 40000) + "|done")
		})
	}
}

func TestAVeryLongLineComesInParts(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	h.ends(h.run(name, "head -c 200000 /dev/zero | tr '\\0' x; echo; echo done"))
	r := h.read(broker.All, topic)
	r.untilSaid(`"done"`)
	if text := strings.NewReplacer("…", "", "|", "").Replace(r.String()); text != strings.Repeat("x", 200000)+"done" {
		t.Errorf("%d bytes came back", len(text))
	}
	if len(r.events) != 5 {
		t.Errorf("%d events", len(r.events))
	}
}

func TestATerminalsLinesHaveNoCarriageReturns(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	h.run(name, `echo one; echo two >&2; printf '10%%\r20%%\r100%%\n'; printf '> '; sleep 300`, terminal)
	r := h.read(broker.All, topic)
	r.untilSaid(`"line":"100%"}`)
	for i := len(r.events) - 1; i >= 0; i-- {
		if r.events[i].Kind == "progress" { // how many of the states are seen is a matter of time
			r.events = append(r.events[:i], r.events[i+1:]...)
		}
	}
	r.want("one|two|100%")
}

func TestABurstArrivesWhole(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	r := h.read(broker.All, topic)
	id := h.run(name, "seq 100000")
	r.untilSaid("stopped")
	if len(r.events) != 100_002 {
		t.Fatalf("%d events: %s", len(r.events), r)
	}
	h.ends(id)
	for i := range r.events {
		if r.events[i].N != uint64(i+1) {
			t.Fatalf("event %d is number %d", i+1, r.events[i].N)
		}
	}
}
