// Package broker is the hub's timeline: topics, their bounded history, and
// subscriptions that read it.
//
// # Model
//
// A topic is a named sequence of events. Every event has a seq, its place in the
// one rising sequence of the whole hub, and an n, its dense number within its
// topic, from 1. An id is "<epoch>-<seq>": one position in every topic at once.
// The epoch names the life of the sequence; a Broker makes a new one at New, so
// an id from before a restart is never taken for a position in this one.
//
// A topic keeps its newest events in a ring, bounded in number and bytes
// ([Policy]); [Options.MaxBytes] bounds all rings together. Beside them one
// bounded journal names the topic of each of the newest events in seq order.
//
// A [Subscription] is a cursor: for each topic it reads, the number it expects
// next. It owns no events, so a reader that is far behind costs what one that
// keeps up does. History and live are one path, without a seam.
//
// # Publishing
//
//	b := broker.New(broker.Options{})
//	seq, err := b.Publish("ci/42", "line", []byte(`{"line":"hello"}`))
//
// Publish encodes the event once, before the lock, and shares these bytes with
// all readers: as JSON, as a line of NDJSON, as a server-sent event and as a
// WebSocket message ([Event]). Under the lock it only takes seq and n, fills
// them in and appends. It never waits for a reader.
//
// The first event makes the topic. An event of kind "end" marks it as ended;
// the next one opens it again. Reading never makes a topic.
//
// # Reading
//
//	s, err := b.Subscribe(broker.Request{Topics: []string{"ci/42", "tasks/*"}, Start: broker.All})
//	defer s.Close()
//	events := make([]broker.Event, 0, 64)
//	for {
//		events, err = s.Receive(ctx, events[:0])
//		…
//	}
//
// Receive blocks. A transport that has its own way to wait calls [Subscription.Next],
// which never does: it hands out what is there, and when that is nothing, calls
// [Request.Wake] once as soon as there is something. The broker starts no
// goroutine for a reader and assumes none.
//
// # What a reader may rely on
//
//   - Events come in seq order over all topics of the subscription, none twice.
//   - A topic that is born later and matches a pattern joins, from its first event.
//   - A lossless topic: each event comes, or a gap says exactly which did not.
//     A gap is an event of kind "gap" in its place in the order: the topic's
//     events after "from" up to and including "to" are not coming, "count" of
//     them. Its reason is "evicted" when they were gone before the subscription
//     began, "slow" when it was overtaken, "restart" when its starting id was of
//     another epoch. The count of a slow gap is exact; of an evicted one it is
//     null where the hub no longer knows.
//   - A latest topic ([Policy.Latest]): what is kept is replayed as the start
//     asks; after that a reader that fell behind gets the newest value next. No
//     gap is owed.
//   - [Subscription.Ended] is true once every topic asked for by name has ended
//     and been read to its end, also when it is forgotten after that. Patterns
//     never end.
//
// A gap has an id, its end, only when that is a position to come back to: when
// nothing that the reader still gets stands before it. Who comes back from inside
// a gap without an id is told of the rest of it again.
//
// A topic that is forgotten ([Broker.Forget], or too many topics) is gone with
// its history: connected readers that had not read it all get the gap; who comes
// back with an id from before then is told with a gap of unknown count, which
// bears the name or pattern asked for. Its name, published to again, is a new
// topic that counts from 1, and whose gaps begin at its birth.
//
// # Memory
//
// When all histories together pass [Options.MaxBytes], topics that have ended
// lose their oldest events first, the one longest ended before the others; then
// the topic that has been silent the longest. Bytes are those of the events'
// JSON, each counted once. Over [Options.MaxTopics], empty topics are forgotten
// first, then ended ones, then the longest silent. No publish looks at more
// topics than it removes something from. A subscription costs a small constant,
// plus some 100 bytes for each topic that it reads.
//
// # Sources
//
// A source ([Broker.AddSource]) feeds topics only while somebody reads them. It
// is started with the first subscription whose topic or pattern can meet the
// source's, and stopped five seconds after the last one has gone. A new reader
// waits until the source says that it has filled in what it has; only then is
// its start (a tail, a time) looked up.
//
// A source that has something upstream lost says so with [Broker.Lost]: a gap that
// is kept like any event, of reason "upstream" and a count of null. One that is able
// to wait for the fastest of its readers asks [Broker.Lag].
//
// # Locks
//
// One mutex guards all of it: a publish and a read hold it for the time it takes
// to copy at most a batch. What looks at more, and holds it longer, is rare:
// subscribing by pattern (each topic), the birth of a topic (each pattern and its
// readers), [Broker.Topics], [Broker.Figures]. Wake functions, and the start and
// stop of sources, are called without any lock, and may call whatever they like.
package broker
