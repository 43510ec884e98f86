package mask

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
)

// handler masks what is logged.
type handler struct {
	slog.Handler
	secrets *Set
}

// NewHandler is a handler of a log that shows no secret: neither in messages nor in attributes, of whatever type, also inside groups. What
// a logger is given by With is masked by what is secret then.
func NewHandler(next slog.Handler, secrets *Set) slog.Handler { return &handler{next, secrets} }

func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	if h.secrets.Empty() {
		return h.Handler.Handle(ctx, r)
	}
	masked := slog.NewRecord(r.Time, r.Level, h.secrets.Text(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		masked.AddAttrs(h.attr(a))
		return true
	})
	return h.Handler.Handle(ctx, masked)
}

func (h *handler) WithAttrs(all []slog.Attr) slog.Handler {
	return &handler{h.Handler.WithAttrs(h.attrs(all)), h.secrets}
}

func (h *handler) WithGroup(name string) slog.Handler {
	return &handler{h.Handler.WithGroup(name), h.secrets}
}

func (h *handler) attrs(all []slog.Attr) []slog.Attr {
	masked := make([]slog.Attr, len(all))
	for i, a := range all {
		masked[i] = h.attr(a)
	}
	return masked
}

func (h *handler) attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		v = slog.StringValue(h.secrets.Text(v.String()))
	case slog.KindGroup:
		v = slog.GroupValue(h.attrs(v.Group())...)
	case slog.KindAny:
		v = h.any(v)
	}
	return slog.Attr{Key: a.Key, Value: v}
}

// any is the value itself, or, where a log for people or one for programs would show a secret in it, its masked text.
func (h *handler) any(v slog.Value) slog.Value {
	text := fmt.Sprintf("%+v", v.Any())
	if b, ok := v.Any().([]byte); ok { // which would be numbers
		text = string(b)
	}
	encoded, _ := json.Marshal(v.Any()) // what cannot be encoded is logged as an error of that
	masked := h.secrets.Text(text)
	if masked == text && bytes.Equal(h.secrets.JSON(encoded), encoded) {
		return v
	}
	return slog.StringValue(masked)
}
