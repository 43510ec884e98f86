package broker

import (
	"container/list"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// ErrClosed is the error of a call to a broker that has been closed.
var ErrClosed = errors.New("the broker is closed")

// Options bound a broker. The zero value works.
type Options struct {
	Rules     []Rule // the first whose pattern matches a topic's name gives its policy
	Default   Policy // of the topics that no rule matches
	MaxBytes  int64  // of all histories together; 512 MiB by default
	MaxTopics int    // 100,000 by default
	Journal   int    // entries of the journal, 16 bytes each; 262,144 by default
}

// Broker is the timeline. Its methods may be called from any goroutine.
type Broker struct {
	options Options
	epoch   string
	head    atomic.Uint64 // a copy of seq that is read without the lock

	mu        sync.Mutex
	seq       uint64
	bytes     int64
	events    int // kept, of all topics
	topics    map[string]*topic
	journal   journal
	forgotten uint64 // the newest seq that a forgotten topic had

	// Every topic stands in one of these, the next to lose something first.
	ended, live, empty *list.List

	selections map[string]*selection   // by key
	byName     map[string][]*selection // those that name this topic
	patterns   map[*selection]struct{} // those with a pattern

	sources []*source
	closed  bool
}

// New makes an empty broker with a new epoch.
func New(o Options) *Broker {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 512 << 20
	}
	if o.MaxTopics <= 0 {
		o.MaxTopics = 100_000
	}
	if o.Journal <= 0 {
		o.Journal = 1 << 18
	}
	o.Default = o.Default.withDefaults()
	rules := make([]Rule, len(o.Rules))
	for i, r := range o.Rules {
		rules[i] = Rule{r.Pattern, r.Policy.withDefaults()}
	}
	o.Rules = rules
	return &Broker{
		options: o,
		epoch:   newEpoch(),
		topics:  map[string]*topic{},
		journal: journal{bound: o.Journal, first: 1},
		ended:   list.New(), live: list.New(), empty: list.New(),
		selections: map[string]*selection{},
		byName:     map[string][]*selection{},
		patterns:   map[*selection]struct{}{},
	}
}

// Message is an event to be published.
type Message struct {
	Kind string    // 1 to [MaxKind] characters of those allowed in a topic; kept
	Data []byte    // one JSON value, valid UTF-8; {} when empty; not kept
	Time time.Time // when it happened; now when zero
}

// Publish appends one event that happens now and returns its position. The
// errors wrap [ErrBadName], [ErrBadKind], [ErrBadData], [ErrTooLarge] or [ErrClosed].
func (b *Broker) Publish(topic, kind string, data []byte) (seq uint64, err error) {
	return b.PublishAll(topic, Message{Kind: kind, Data: data})
}

// PublishAll appends the messages without another event between them, all or
// none, and returns the position of the last.
func (b *Broker) PublishAll(topic string, messages ...Message) (seq uint64, err error) {
	if err := CheckName(topic); err != nil {
		return 0, err
	}
	if len(messages) == 0 {
		return b.head.Load(), nil
	}
	var few [1]draft // keeps the usual one off the heap
	drafts := few[:0]
	if len(messages) > 1 {
		drafts = make([]draft, 0, len(messages))
	}
	now := time.Now()
	for _, m := range messages {
		at := m.Time
		if at.IsZero() {
			at = now
		}
		d, err := b.draft(topic, m.Kind, at, m.Data)
		if err != nil {
			return 0, err
		}
		drafts = append(drafts, d)
	}
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return 0, ErrClosed
	}
	t := b.topics[topic]
	if t == nil {
		t = b.bear(topic)
	}
	for _, d := range drafts {
		b.append(t, d)
	}
	seq = b.seq
	woken := t.takeWaiting()
	b.mu.Unlock()
	woken.wake()
	return seq, nil
}

// bear makes a topic and lets the running subscriptions it matches have it.
func (b *Broker) bear(name string) *topic {
	if len(b.topics) >= b.options.MaxTopics {
		for _, l := range []*list.List{b.empty, b.ended, b.live} {
			if victim := front(l); victim != nil {
				b.forget(victim)
				break
			}
		}
	}
	name = strings.Clone(name) // it may lie in a caller's buffer
	t := &topic{name: name, policy: b.policy(name)}
	b.topics[name] = t
	b.enqueue(t, b.live)
	for _, s := range b.byName[name] {
		s.include(t)
	}
	for s := range b.patterns {
		if s.matches(name) {
			s.include(t)
		}
	}
	return t
}

func (b *Broker) policy(name string) *Policy {
	for i := range b.options.Rules {
		if r := &b.options.Rules[i]; Match(r.Pattern, name) {
			return &r.Policy
		}
	}
	return &b.options.Default
}

// Forget removes a topic and its history. Readers that had not read it all get
// a gap. It reports whether there was such a topic.
func (b *Broker) Forget(name string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.topics[name]
	if t != nil {
		b.forget(t) // wakes nobody: who waits has read it all
	}
	return t != nil
}

func (b *Broker) forget(t *topic) {
	for t.events.len() > 0 {
		b.evict(t)
	}
	b.enqueue(t, nil)
	delete(b.topics, t.name)
	b.forgotten = max(b.forgotten, t.lastSeq)
	for _, s := range t.selections {
		delete(s.topics, t)
		for r := range s.readers {
			if c := r.cursors[t]; c != nil {
				r.discard(c)
			}
		}
	}
	t.selections = nil // the journal may hold t for long
}

// Close stops the sources and refuses further publishes. What is kept can still
// be read.
func (b *Broker) Close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	for _, s := range b.sources {
		s.close()
	}
}
