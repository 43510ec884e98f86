package task

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hub/internal/lines"
	"hub/internal/mask"
)

// Outcome is what a Run came to. All of it is optional, and kept also when Run returns an error.
type Outcome struct {
	ExitCode *int // of a command, 0 to 255
	Result   any  // must encode as JSON; what is over 32 KiB stays out of the end event and is in the Snapshot alone
	// Word says more of an error that Run returns: "" or [RolledBack], which is the outcome then in place of [Error]. A Run that came
	// through, was cancelled or was interrupted is that, whatever stands here.
	Word string
}

// ending is how a run ended.
type ending struct {
	outcome  string // Completed, Error, RolledBack, Cancelled, Interrupted
	message  string
	exitCode *int
	result   json.RawMessage
}

// status is the outcome in one of the three words that older clients know.
func (e ending) status() string {
	if e.outcome == Completed {
		return Completed
	}
	return Error
}

// judge makes an ending of what Run returned. An error after the context's end is that end's; a Run that came through is completed.
func judge(ctx context.Context, out Outcome, err error) ending {
	e := ending{outcome: Completed, exitCode: out.ExitCode}
	if out.Result != nil {
		result, failed := encode(out.Result)
		e.result = result
		if failed != nil && err == nil {
			err = fmt.Errorf("cannot encode result: %w", failed)
		}
	}
	cause := context.Cause(ctx)
	switch {
	case err == nil:
		return e
	case cause == nil:
		e.outcome, e.message = Error, err.Error()
		if out.Word == RolledBack {
			e.outcome = RolledBack
		}
	default:
		e.outcome, e.message = stopped(cause).outcome, cause.Error()
		if !errors.Is(err, cause) && !errors.Is(err, context.Canceled) {
			e.message += ": " + err.Error()
		}
	}
	return e
}

// stopped is the ending of a task that did nothing more before its context ended.
func stopped(cause error) ending {
	if cause == errInterrupted {
		return ending{outcome: Interrupted, message: cause.Error()}
	}
	return ending{outcome: Cancelled, message: cause.Error()}
}

// masked is the ending without secrets.
func (e ending) masked(secrets *mask.Set) ending {
	e.message, e.result = secrets.Text(e.message), secrets.JSON(e.result)
	return e
}

const (
	maxResult  = 32 << 10 // bytes of JSON in an end event, which must stay under the 60 KiB of any event
	maxMessage = 2 << 10  // bytes of text, so at most 12 KiB of JSON
)

// data is the end event's. Its status is the outcome, but for those that readers of the contract know as an error.
func (e ending) data() []byte {
	status := e.outcome
	if status == Interrupted || status == RolledBack {
		status = Error
	}
	b := append([]byte(nil), `{"status":`...)
	b = lines.AppendString(b, status)
	if e.outcome != status {
		b = append(b, `,"outcome":`...)
		b = lines.AppendString(b, e.outcome)
	}
	if e.exitCode != nil {
		b = append(b, `,"exit_code":`...)
		b = strconv.AppendInt(b, int64(*e.exitCode), 10)
	}
	if e.message != "" {
		b = append(b, `,"error":`...)
		b = lines.AppendString(b, shorten(e.message, maxMessage))
	}
	if len(e.result) > 0 && len(e.result) <= maxResult {
		b = append(b, `,"result":`...)
		b = append(b, e.result...)
	}
	return append(b, '}')
}

// encode is json.Marshal without HTML escaping, as all events are written.
func encode(v any) (data json.RawMessage, err error) {
	defer func() { // of a MarshalJSON
		if p := recover(); p != nil {
			data, err = nil, fmt.Errorf("panic: %v", p)
		}
	}()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	var compact bytes.Buffer // a RawMessage inside v may hold spaces
	if err := json.Compact(&compact, b.Bytes()); err != nil {
		return nil, err
	}
	return compact.Bytes(), nil
}

// shorten cuts s to size bytes at most, at a rune's border, and says so. Where it can it cuts between two words, for half of a secret is
// not found any more and would be shown.
func shorten(s string, size int) string {
	if len(s) <= size {
		return s
	}
	cut := strings.ToValidUTF8(s[:size], "")
	if i := strings.LastIndexAny(cut, " \t\n"); i > size/2 {
		cut = cut[:i]
	}
	return cut + "…"
}
