// Package follow brings what a Docker engine says into the broker's topics:
//
//	f := follow.New(follow.Options{Broker: b, Engine: e})
//	b.AddSource("containers/*/logs", f.Logs)
//	b.AddSource("containers/*/stats", f.Stats)
//	err := f.Run(ctx)
//
// # The engine
//
// [Follower.Run] keeps one event stream to the engine, for ever; it is the only
// call of a hub that nobody uses. While the engine is away it is looked for again
// and again, at most a second apart, and [Follower.Engine] says why it is not
// there. What happens in it is published to docker/events, at the engine's times:
//
//	container  {"action":"die","id":"6f2b…","name":"web","attributes":{"exitCode":"0",…}}
//	status     {"status":"connected","engine":"28.5.2","api":"1.51"}
//	status     {"status":"lost","reason":"…"}
//
// The type of an event is that of what it happened to. After an interruption the
// engine is asked for what came since; none is published twice. Where it does not
// remember back to the last one, as after its own restart, a gap of reason
// "upstream" says so.
//
// # Logs
//
// The topic containers/{name}/logs is one container's by its name, whatever
// happens to that; it never ends. While it is read, by however many, by name or by
// pattern, there is one request for its log. A pattern means the containers that
// run, and those that are started later; a name also one that has stopped, or that
// there is not yet.
//
// When reading begins, the topic is filled with what the engine has behind the last
// line known, at most Options.History messages, at the engine's times, and only
// then do the readers begin. An engine does not say where history ends, so it is
// taken to end with a line from after the request, or with a moment of silence.
//
//	line       {"stream":"stdout","line":"GET / 200"}
//	container  {"event":"stopped","id":"6f2b…","exit_code":0}
//
// Lines are as package lines makes them; stdout and stderr are apart, and the
// order is promised for each alone. A container event is one of started,
// restarted (with the exit code of the run before, where the engine told), stopped,
// replaced (by another of the same name; previous is the id of the one before),
// renamed (to is the new name) and removed. The lines of a run stand between the
// events of its beginning and its end.
//
// After any interruption (the container restarts, the engine's log rotates, the
// engine dies, nobody has read for a while) the log is asked for from a little
// before the last line, and what is known already is left out: by time and content,
// since times alone are neither unique nor in order. Nothing that the engine hands
// out is left out, and nothing comes twice. Where the last line known does not come
// again, the engine has lost some: a gap of reason "upstream" with a count of null.
// An engine rotates lines away in silence, too; this cannot be seen, and a container
// whose log settings make it likely is warned of, once:
//
//	status     {"warning":"the container's log begins a new file at 1MiB (max-size): …"}
//
// A log whose driver keeps nothing says so in the same way. While the engine is
// away, the topics that are read have a status "lost" and later one "connected".
// Not noticed is an engine that stops to hand out a log without ending it, as one
// does whose log file somebody truncates (moby#45728).
//
// In a burst the engine is read at intervals of some milliseconds, so that lines
// come in batches; a single line is never held back. A reader who is so far behind
// that it would be overtaken is waited for, if it is the topic's fastest: at most a
// second at a time, and not again when it took next to nothing meanwhile. The engine
// keeps the lines until then.
//
// # Secrets
//
// What Options.Mask holds is masked (package mask) in all that is published. An
// unfinished line goes out without an end that may become a secret; that comes
// with the rest of the line.
//
// # Stats
//
// The topic containers/{name}/stats has about one event a second while it is read
// and the container runs, and one with "running":false when it has stopped:
//
//	stats      {"id":"6f2b…","name":"web","running":true,"cpu_percent":12.5,"memory":{…},…}
package follow
