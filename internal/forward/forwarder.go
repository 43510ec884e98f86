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
)

// Forwarder forwards the task events of one broker to one endpoint.
type Forwarder struct {
	options  Options
	log      *slog.Logger
	target   *target
	client   *http.Client
	incoming *broker.Subscription
	shape    shape
	posted   uint64 // items made so far
	key      []byte // of a webhook, to sign with
	gone     bool   // the webhook's receiver has answered that it wants no more

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
		return nil, fmt.Errorf("cannot forward to %s: %w", o.setting(), err)
	}
	shape, key, err := o.shape()
	if err != nil {
		return nil, err
	}
	s, err := o.Broker.Subscribe(broker.Request{Topics: []string{"tasks/**"}, Start: broker.Now})
	if err != nil {
		return nil, fmt.Errorf("cannot forward task events: %w", err)
	}
	minutely := func() *rate.Sometimes { return &rate.Sometimes{Interval: time.Minute} }
	return &Forwarder{
		options: o, target: t, client: newClient(o, nil), incoming: s,
		log:   o.Log.With("endpoint", t.name),
		shape: shape, key: key,
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
