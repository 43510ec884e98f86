package task

import (
	"log/slog"
	"time"

	"hub/internal/mask"
)

// Options of a [Registry]. Only Publisher is needed.
type Options struct {
	Publisher Publisher
	// Running is how many tasks run at once, all types together; 0 is 16. A command or a build mostly waits for a disk, a network or an
	// engine, so a few for each core are right, and 16 shells that all compute still leave the hub its turn; each costs a thread and two pipes.
	Running int
	// Limits is how many tasks of a type run at once, within Running. A type not named here has no limit of its own. A task that waits
	// for its type does not hold up those of other types behind it.
	Limits map[string]int
	// Queue is how many tasks wait at most; 0 is 1000.
	Queue int
	// Keep is how many finished tasks are kept; 0 is 1000.
	Keep int
	// KeepFor is how long a finished task is kept; 0 is 24 hours.
	KeepFor time.Duration
	// Forget is called when a finished task leaves the registry, so that its topic's history can leave too. It is called with the
	// registry locked, that no new task of the id can begin before it is done: it must be quick and not call the registry.
	Forget func(id string)
	// Mask holds the values that no event and no [Snapshot] shows; the tasks add their Spec.Secrets. nil is a set of the tasks' own.
	Mask *mask.Set
	// Log takes what readers cannot be told: panics with their stack, and events that could not be published. nil is slog.Default().
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	or(&o.Running, 16)
	or(&o.Queue, 1000)
	or(&o.Keep, 1000)
	or(&o.KeepFor, 24*time.Hour)
	if o.Forget == nil {
		o.Forget = func(string) {}
	}
	if o.Mask == nil {
		o.Mask = new(mask.Set)
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

func or[T int | time.Duration](v *T, standard T) {
	if *v == 0 {
		*v = standard
	}
}
