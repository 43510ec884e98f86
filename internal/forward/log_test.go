package forward

import (
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// However often the same thing happens, it is said once a minute; that it is over is said once.
func TestLogIsQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{TB: t, Broker: newBroker()}
		text := &logs{}
		f, err := New(Options{Broker: p.Broker, Endpoint: "http://endpoint.test", MaxEvents: 20, Log: slog.New(slog.NewTextHandler(text, nil))})
		if err != nil {
			t.Fatal(err)
		}
		var code atomic.Int64
		code.Store(400)
		f.client.Transport = transport(func(*http.Request) (*http.Response, error) { return answer(int(code.Load())) })
		stop := start(t, f)
		for range 110 { // of seconds
			p.line("x", "refused")
			time.Sleep(time.Second)
		}
		code.Store(503)
		for range 110 {
			p.line("x", "put off")
			time.Sleep(time.Second)
		}
		code.Store(200)
		time.Sleep(time.Minute)
		stop()
		for what, want := range map[string]int{"was given up": 2, "trying again": 2, "oldest events are not forwarded": 2, "forwarded again": 1} {
			if got := strings.Count(text.String(), what); got != want {
				t.Errorf("%q is said %d times, want %d", what, got, want)
			}
		}
		p.adds(f.Stats())
	})
}
