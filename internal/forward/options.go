package forward

import (
	"fmt"
	"log/slog"
	"time"

	"hub/internal/broker"
)

// Options say what to forward where. Broker and Endpoint are needed; the rest has defaults.
type Options struct {
	Broker   *broker.Broker
	Endpoint string            // an http or https URL
	Header   map[string]string // of each POST, such as Authorization; never logged
	Webhook  *Webhook          // post the ends of tasks, signed, in place of the older service's objects

	MaxEvents int   // of the backlog; 10,000 by default
	MaxBytes  int64 // of the backlog's objects; 16 MiB by default; the newest object is kept even if it alone is more

	ConnectTimeout time.Duration // 3 s by default
	AnswerTimeout  time.Duration // until the head of an answer is there; 10 s by default, 15 s for a webhook
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
	set(&o.AnswerTimeout, o.patience())
	set(&o.MinWait, 500*time.Millisecond)
	set(&o.MaxWait, 30*time.Second)
	set(&o.Persist, 15*time.Minute)
	set(&o.Grace, 3*time.Second)
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

// patience is 10 s as for any log sink, but for a webhook 15 s, the least that its specification recommends: who receives may work on it.
func (o *Options) patience() time.Duration {
	if o.Webhook != nil {
		return 15 * time.Second
	}
	return 10 * time.Second
}

// setting is the configuration's name for the endpoint.
func (o *Options) setting() string {
	if o.Webhook != nil {
		return "webhook_urls"
	}
	return "log_stream_endpoint"
}

func set[T comparable](option *T, value T) {
	if *option == *new(T) {
		*option = value
	}
}

// shape is how events are posted, and the key that they are signed with, if any.
func (o *Options) shape() (shape, []byte, error) {
	if o.Webhook == nil {
		return newObjects(), nil, nil
	}
	k, err := key(o.Webhook.Secret)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot sign with webhook_secret: %w", err)
	}
	return &ends{o.Broker, o.Webhook.Task}, k, nil
}
