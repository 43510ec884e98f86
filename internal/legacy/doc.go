// Package legacy tells a task's events the way the older Docker Manager API did.
// It is made of pure functions and one small state machine; nothing is stored.
//
// # What goes in
//
// An [Event] is one event of the topic tasks/{id}: its kind, time and data.
//
//	status    {"task":"generic_task","status":"queued|running",…}   the first names the task's type and what it is about
//	stage     {"stage":"clone","status":"starting|completed|error",…}
//	line      {"stream":"stdout","line":"…"}                        a long line in parts: "part":1,2,… and "last":true on the last
//	progress  a redraw of a line, or of the whole task
//	end       {"status":"completed|error|cancelled|…","exit_code"?,"outcome"?,"error"?,"result"?}
//	gap       some events are not coming
//
// # What comes out
//
// A [View] is fed the events of one task in order and gives the objects that they become, in that order. It has two forms: [Status] is
// what /tasks/status lists, each object with ts (Unix seconds), [Posted] what is sent to log_stream_endpoint.
//
//	generic_task        {task, task_id, ts, cmd, line} for each line, last {task, task_id, ts, cmd, status: "completed", exit_code}
//	                    or {…, cmd, status: "error", error}; posted the same without ts
//	docker_build        {…, stage: "build", status: "starting", tag, context_path, dockerfile, inline, app_id, build_args}, then
//	                    {…, stage: "build", status: "stream", chunk: {"stream": "…\n"}, app_id} for each line, last
//	                    {…, stage: "build", status: "completed", image_id, tag, app_id} or {…, status: "error", error, app_id};
//	                    posted are the lines, {task, task_id, tag, context_path, dockerfile, inline, chunk, app_id}, and an error,
//	                    the same with error in place of chunk; not the start, nor the success
//	html_site_pipeline  {…, stage, status, …} for each stage event as it is, and {…, stage, status: "stream", chunk} for each line
//	                    between; a stage that the task's end leaves unfinished gets its {…, stage, status: "error", error};
//	                    posted the same, ts too
//	any other type      lines {…, line}, stage events as they are, last {…, status, result} or {…, status: "error", error};
//	                    posted the same, ts too
//
// Left out are redraws (progress), changes of place in the queue, gaps, kinds that are not listed above, and data that cannot be read.
// A view that missed the first event takes the type from a task id that begins with it ("docker_build-1f0c9a77be"), else
// generic_task, and null for what it does not know. After an end the next event begins a new run of the task.
//
// # Long lines
//
// The parts of one line are joined and come where its last part stood, so an unfinished line is not told yet; [View.Held] counts the
// events that wait in it. At the task's end, at a gap and where a part is missing, what is there is told as a line. A line longer than
// [MaxLine] is told as several, none longer than that: nothing is cut off and no line takes more memory.
//
// # Statuses
//
// The older service had three words. [Word] gives them: running also for queued (the answer adds queued and position), error also for
// cancelled, rolled back and interrupted (the answer, and the error object, add the true word as outcome).
//
// # The answers
//
// [Task.StatusAnswer] and [Task.LogsAnswer] are the answers of /tasks/status and /tasks/logs, [Events] and [Lines] what is listed in them. These
// two look at a task's events from the newest back and read no more of them than they show.
package legacy
