package forward

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"hub/internal/broker"
	"hub/internal/legacy"
)

// Options say what to forward where. Broker and Endpoint are needed; the rest has defaults.
type Options struct {
	Broker   *broker.Broker
	Endpoint string            // an http or https URL
	Header   map[string]string // of each POST, such as Authorization; never logged

	MaxEvents int   // of the backlog; 10,000 by default
	MaxBytes  int64 // of the backlog's objects; 16 MiB by default; the newest object is kept even if it alone is more

	ConnectTimeout time.Duration // 3 s by default
	AnswerTimeout  time.Duration // until the head of an answer is there; 10 s by default
	MinWait        time.Duration // about, after the first failure; 500 ms by default
	MaxWait        time.Duration // at most between two tries, but for Retry-After; 30 s by default
	Persist        time.Duration // how long one object is tried again to which the endpoint answers; 15 minutes by default
	Grace          time.Duration // for the rest, once the context has ended; 3 s by default, none when negative

	Log *slog.Logger // slog's default by default
}

func (o *Options) setDefaults() {
	set(&o.MaxEvents, 10_000)
	set(&o.MaxBytes, 16<<20)
	set(&o.ConnectTimeout, 3*time.Second)
	set(&o.AnswerTimeout, 10*time.Second)
	set(&o.MinWait, 500*time.Millisecond)
	set(&o.MaxWait, 30*time.Second)
	set(&o.Persist, 15*time.Minute)
	set(&o.Grace, 3*time.Second)
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

func set[T comparable](option *T, value T) {
	if *option == *new(T) {
		*option = value
	}
}

// Forwarder forwards the task events of one broker to one endpoint.
type Forwarder struct {
	options  Options
	log      *slog.Logger
	target   *target
	client   *http.Client
	incoming *broker.Subscription
	views    map[string]*legacy.View // by topic, of the tasks that have not ended
	objects  []legacy.Object         // scratch
	posted   uint64                  // objects made so far

	backlog *backlog

	// Log lines of each kind, at most one a minute.
	refused, failing, pushed *rate.Sometimes
	complained               bool // the newest such line says that it fails

	mu   sync.Mutex
	last last
}

// last is how the newest tries went.
type last struct {
	failed  bool
	err     string
	errAt   time.Time
	success time.Time
}

// New subscribes: events published after it are forwarded once Run runs. The error says what is wrong with the endpoint or a header,
// without repeating its value.
func New(o Options) (*Forwarder, error) {
	o.setDefaults()
	t, err := newTarget(o.Endpoint, o.Header)
	if err != nil {
		return nil, fmt.Errorf("cannot forward to log_stream_endpoint: %w", err)
	}
	s, err := o.Broker.Subscribe(broker.Request{Topics: []string{"tasks/**"}, Start: broker.Now})
	if err != nil {
		return nil, fmt.Errorf("cannot forward task events: %w", err)
	}
	minutely := func() *rate.Sometimes { return &rate.Sometimes{Interval: time.Minute} }
	return &Forwarder{
		options: o, target: t, client: newClient(o, nil), incoming: s,
		log:     o.Log.With("endpoint", t.name),
		views:   map[string]*legacy.View{},
		backlog: newBacklog(o.MaxEvents, o.MaxBytes),
		refused: minutely(), failing: minutely(), pushed: minutely(),
	}, nil
}

// Run forwards until ctx ends, and then the rest for at most the grace. It is called once. The error is nil but for a fault of its own.
func (f *Forwarder) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	context.AfterFunc(ctx, func() { time.AfterFunc(f.options.Grace, end) })
	defer f.client.CloseIdleConnections()

	var reading sync.WaitGroup
	var readErr error
	reading.Go(func() {
		defer f.backlog.close()
		defer f.incoming.Close()
		readErr = f.guard(func() { f.read(ctx, work) })
	})
	err := f.guard(func() { f.deliver(ctx, work) })
	stop()
	reading.Wait()
	if rest := f.backlog.abandon(); rest > 0 {
		f.log.Warn("task events were not forwarded before the end", "events", rest, "last_error", f.Stats().LastError)
	}
	return errors.Join(err, readErr)
}

// guard turns a panic into an error, so that forwarding can fail and the hub goes on.
func (f *Forwarder) guard(work func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("cannot go on forwarding: panic: %v", p)
			f.log.Error(err.Error(), "stack", string(debug.Stack()))
		}
	}()
	work()
	return nil
}
