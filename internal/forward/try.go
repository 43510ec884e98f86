package forward

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	maxAnswer     = 64 << 10    // bytes of an answer's body that are read
	maxRead       = time.Second // for reading them
	maxRetryAfter = time.Minute // for which an endpoint can put us off
)

// verdict is what a try came to.
type verdict struct {
	outcome    outcome
	status     int           // 0 when there was no answer
	retryAfter time.Duration // what the endpoint asked for, bounded
	err        error         // when it was not delivered; may hold secrets
}

// retryable reports whether the status says that it is not this object's fault.
func (v verdict) retryable() bool {
	switch v.status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return v.status >= 500
}

// errGone is why nothing is sent any more.
var errGone = errors.New("the receiver answered 410 Gone, so nothing more is sent to it until the hub is started again")

// try sends one object once.
func (f *Forwarder) try(ctx context.Context, it item) verdict {
	if f.gone {
		return verdict{outcome: givenUp, err: errGone}
	}
	o := &f.options
	ctx, cancel := context.WithTimeout(ctx, 2*o.ConnectTimeout+o.AnswerTimeout) // also for an endpoint that stops reading
	defer cancel()
	request, err := f.target.request(ctx, it.body)
	if err != nil {
		return verdict{outcome: givenUp, err: err}
	}
	request.Header.Set("Idempotency-Key", it.id)
	if f.key != nil {
		sign(request.Header, f.key, it.id, time.Now(), it.body)
	}
	answer, err := f.client.Do(request)
	if err != nil {
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err // without the URL
		}
		return verdict{err: err}
	}
	defer answer.Body.Close()
	defer time.AfterFunc(maxRead, cancel).Stop()
	v := verdict{status: answer.StatusCode, outcome: delivered}
	if v.status/100 == 2 {
		_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer) // so that the connection can be used again
		return v
	}
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	v.err = fmt.Errorf("the endpoint answered %d %s: %s", v.status, http.StatusText(v.status), f.target.excerpt(body))
	v.outcome = givenUp
	f.gone = v.status == http.StatusGone && f.options.Webhook != nil
	if f.gone {
		v.err = errGone
	}
	if v.retryable() {
		v.outcome = again
		v.retryAfter = retryAfter(answer.Header.Get("Retry-After"), time.Now())
	}
	return v
}

// retryAfter reads the head of that name: seconds or a date. What it cannot read is 0.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, min(at.Sub(now), maxRetryAfter))
	}
	return 0
}

func (t *target) request(ctx context.Context, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("cannot make the request")
	}
	r.Header.Set("User-Agent", "hub")
	for name, value := range t.header {
		r.Header.Set(name, value)
	}
	r.Header.Set("Content-Type", "application/json")
	return r, nil
}
