// Package task runs jobs that have an id and are watched while they run: shell commands here, builds and pipelines elsewhere.
//
//	tasks := task.New(task.Options{Publisher: broker, Forget: forget})
//	spec, err := task.Command{Cmd: "npm run build", Cwd: "/srv/site"}.Spec()
//	t, err := tasks.Start(spec)
//	<-t.Done()
//	t.Snapshot().ExitCode
//
// # Events
//
// All that a task says are events of the topic tasks/{id}, in this order for each run:
//
//	status  {"task":"generic_task","status":"queued","position":3,"cmd":"…"}   while it waits, again when its position changes
//	status  {"task":"generic_task","status":"running","cmd":"…","cwd":"…"}     once, with the fields of [Spec].Head
//	…       what its [Run] gives to [Task.Publish]
//	end     {"status":"completed","exit_code":4,"result":{…}}
//	        {"status":"error","error":"cannot …"}
//	        {"status":"error","outcome":"rolled_back","error":"cannot …","result":{…}}   what Outcome.Word says
//	        {"status":"cancelled","error":"cancelled"}
//	        {"status":"error","outcome":"interrupted","error":"interrupted: the hub is shutting down"}
//
// There is exactly one end event for each run, whatever happens: a result, an error, a panic, a cancellation while it waits or runs, the
// registry's end. Nothing of the run follows it. A result over 32 KiB is in the [Snapshot] and not in the event. A publisher's failure is
// logged and stops no task.
//
// # Secrets
//
// What Options.Mask holds, and a Spec.Secrets adds, is masked (package mask) before an event is published or kept: in the head, in what the
// Run publishes and in the result and the error, so in each [Snapshot] too. The words of this package stay, whatever is secret. An
// unfinished line that ends in what may become a secret goes out without that end, which comes with the line's next part, or before the
// end event. A task's secrets are masked, for all of the hub, until it leaves the registry or a new run takes its id.
//
// # Queue
//
// At most Options.Running tasks run, of a type at most Options.Limits of it; others wait, first come, first served. A task waiting for
// its type lets those of other types pass. Positions count from 1; those up to 100 are published whenever they change, beyond that a
// task's first and every 50th.
//
// # Ids
//
// An id is taken while its task is queued or runs. After that a new run may use it: the topic goes on, [Registry.Get] knows the new run,
// and the older [Task] still tells of its own. Finished tasks are kept by count and by age; Options.Forget hears of those that leave.
// With a task stay its first event, its stages and statuses, and its last event, at most 200, so that a long log cannot push them out.
//
// # Again
//
// [Registry.Again] starts a new task that does what an older one does or did, for as long as that is kept: [Spec].Again is its Run. Its
// secrets are those of the older one, and masked for as long as it is there itself.
//
// # Commands
//
// A [Command] is run by /bin/sh -c, in a process group of its own, its input empty, with little of the hub's environment: PATH, HOME,
// USER, LOGNAME, SHELL, LANG, LANGUAGE, LC_*, TZ, TMPDIR, DOCKER_HOST, TERM=dumb, and over them what is asked for. Both outputs become
// line and progress events as they are written (package lines), an unfinished line after 200 ms of quiet. Order is kept within each
// output; between the two it cannot be known.
//
// A command that ran is completed, whatever its exit code; killed by a signal its code is 128 and the signal's number, and the result names
// it: {"exit_code":137,"signal":"SIGKILL"}. A command that could not be started is an error. When the command has exited and somebody it
// left behind holds its outputs, what is written within one second more is kept, then they are closed; who was left behind lives on.
//
// Cancelling sends TERM to the whole process group, and KILL after five seconds to what is left of it; the task ends when they are gone.
// What has left the group (setsid) is out of reach. A killed hub takes the shell with it, but not what the shell had started.
package task
