package mask_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"hub/internal/mask"
)

type valuer struct{ inside string }

func (v valuer) LogValue() slog.Value {
	return slog.GroupValue(slog.String("deep", v.inside), slog.Any("error", errors.New(v.inside)))
}

type stringer struct{ inside *string }

func (s stringer) String() string { return *s.inside }

// encoder shows in JSON what it does not print.
type encoder struct{ inside *string }

func (e encoder) String() string               { return "printed" }
func (e encoder) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%q", *e.inside), nil }

func TestALogShowsNoSecret(t *testing.T) {
	secret := "hunter2 "
	u := &url.URL{Scheme: "https", Host: "h", User: url.UserPassword("u", "hunter2")}
	log := func(log *slog.Logger) {
		log.Info("it is hunter2", "text", "x hunter2", "n", 12, "took", time.Second,
			"error", fmt.Errorf("cannot: %w", errors.New(secret)), "stringer", stringer{&secret}, "encoder", encoder{&secret}, "url", u,
			"bytes", []byte(secret), "list", []string{secret}, "struct", struct{ Inside string }{secret}, "pointer", &struct{ Inside string }{secret},
			"valuer", valuer{secret}, slog.Group("group", slog.String("inner", secret), slog.Group("deeper", "x", secret)), "nothing", nil)
		log.With("with", secret).WithGroup("g").With("and", errors.New(secret)).Error("x", "more", secret)
	}
	timeless := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
	for name, make := range map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, timeless) },
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, timeless) },
	} {
		var b bytes.Buffer
		log(slog.New(mask.NewHandler(make(&b), setOf("hunter2"))))
		if got := b.String(); strings.Contains(got, "hunter2") || strings.Contains(got, "aHVudGVyM") || strings.Contains(got, "104 117 110") ||
			strings.Count(got, "\n") != 2 || strings.Count(got, "***") < 15 || !strings.Contains(got, "https://u:***@h") {
			t.Errorf("%s: %s", name, got)
		}
		var plain, wrapped bytes.Buffer
		log(slog.New(make(&plain)))
		log(slog.New(mask.NewHandler(make(&wrapped), nil)))
		if plain.String() != wrapped.String() {
			t.Errorf("%s: without secrets it logs %s, not %s", name, wrapped.String(), plain.String())
		}
	}
}
