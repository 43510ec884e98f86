// Package forward sends what tasks say to one HTTP endpoint, beside the work and without slowing it: every event to the configuration's
// log_stream_endpoint, in the form of the older service's contract, or how each task ended to one of webhook_urls.
//
//	f, err := forward.New(forward.Options{Broker: b, Endpoint: "https://logs.example/in", Header: header})
//	go f.Run(ctx)
//
//	f, err := forward.New(forward.Options{Broker: b, Endpoint: "https://chat.example/hook", Webhook: &forward.Webhook{Secret: s, Task: t}})
//	go f.Run(ctx)
//
// Each endpoint has a Forwarder of its own, so that a dead one holds up no other.
//
// # What is sent
//
// [New] subscribes to tasks/** from now on. What is published is turned into objects by package legacy (its posted form), and each
// object is one POST of application/json with the configured headers. An Idempotency-Key head, the same for all tries of one object and
// never used for another, lets a receiver tell a repetition.
//
// # Webhooks
//
// With [Options].Webhook there is one object for each end event, that is for each run of a task, and it is signed as the Standard Webhooks
// specification says (standardwebhooks.com):
//
//	webhook-id: msg_k7x2m-1042                    the end event's id, the same for all tries and all endpoints
//	webhook-timestamp: 1795000307                 Unix seconds of this try
//	webhook-signature: v1,siKcn8uPFAP9R71D9+…     base64 of HMAC-SHA256 over id.timestamp.body
//
//	{"type":"task.completed","timestamp":"2026-11-23T20:11:47.123Z","data":{"task_id":"docker_build-1f0c9a77be","task_type":"docker_build",
//	"status":"completed","outcome":"completed","result":{…},"created_at":…,"started_at":…,"ended_at":…,"duration_sec":12.5,
//	"stream":"/stream/tasks/docker_build-1f0c9a77be"}}
//
// The type is "task." and the outcome: completed, error, rolled_back, cancelled, interrupted. exit_code, error and result are those of the
// end event. task_type, created_at, started_at and duration_sec are left away where the task has been forgotten already.
//
// # Order and repetition
//
// One POST at a time, over one connection that is kept alive: objects arrive in the order of the hub's timeline, also over retries.
// Delivery is at least once: where a connection breaks between the endpoint's reading and its answer, the object is sent again.
//
// # Verdicts
//
//	2xx                              delivered, whatever the body says
//	no connection, no answer,        tried again: after 0.5 s, doubling, with jitter, never over 30 s, or after Retry-After where
//	408, 425, 429, 5xx               that is longer, up to a minute; an object to which only these are answered for 15 minutes is given up
//	any other answer, redirects too  given up at once; one log line a minute says what was answered
//	410 to a webhook                 the same, and nothing is sent to this endpoint any more until the hub is started again
//
// Waiting belongs to the endpoint, not to the object: while it is down there is one try in up to 30 s, however much is published.
//
// Connecting may take 3 s, TLS as much again, the answer's head 10 s, of a webhook 15 s. Of an answer at most 64 KiB are read, for at most
// a second; a longer one costs the connection.
//
// # The backlog
//
// Nobody waits for the endpoint: what has been taken off the broker and is not delivered is kept, at most 10,000 events or 16 MiB of
// objects. What is over that goes from the oldest on, but for the one that is on its way. Parts of lines that are not finished
// yet are kept beside it, at most [legacy.MaxLine] for each stream of a running task.
//
// # Counting
//
// The unit is the event of a topic. Each one published is counted once: [Stats.Delivered], [Stats.GivenUp] (refused, pushed out of the
// backlog, left at the end, or missed by the subscription, which its gaps tell), [Stats.Omitted] (the contract has no object for
// it, such as a redraw or a place in the queue; a webhook has one for the end alone) or [Stats.Backlog]. An event missed by the
// subscription counts as given up even had it been omitted.
//
// # Shutdown
//
// When its context ends, Run takes what is published by then, tries at once, and goes on for at most [Options.Grace]; the rest is counted as
// given up and said in one log line. So end it after the tasks have ended.
//
// # Which endpoints
//
// http or https, with a host. The operator names it in the hub's own configuration, never a request, so loopback and private addresses
// are allowed. Link-local addresses and those at which clouds hand out credentials are not: they are refused when dialled, after the
// name was resolved, so that no name server can lead there. Redirects are not followed; proxies of the environment are not used, as
// this check would then see the proxy's address instead.
//
// # Secrets
//
// The secret of a webhook, values of headers, and the endpoint's user, password, path and query, stand in no log line and no [Stats], also
// where an answer repeats them. Logs name scheme and host.
package forward
