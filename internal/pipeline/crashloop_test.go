package pipeline

import (
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

// crashing is a run stage of a container that ends at once, and is started again for ever.
func crashing(port int) Run {
	return Run{Image: dockertest.Base, HostPort: port, Prefix: "crash", Restart: "always", Command: []string{"sh", "-c", "echo cannot go on; exit 3"}}
}

func TestACrashLoopIsNotUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	w.completes(w.own(Stage{Step: page("one", port)}))
	before := w.mine()
	began := time.Now()
	k := w.start(w.own(Stage{Step: crashing(port)}))
	w.rolledBack(k, "run", "exited with 3")
	t.Logf("its end took %s", time.Since(began))
	w.shows(port, "one")
	w.stays(before)
	w.fails(w.own(Stage{Step: crashing(sitePort(t))}), "run", "exited with 3")
}
