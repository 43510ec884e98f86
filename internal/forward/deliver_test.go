package forward

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Every object arrives, in order, with its heads, over one connection.
func TestDelivers(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	r := newReceiver(t, nil)
	p.line("before", "published before New")
	p.events = 0
	f, stop := run(t, p.Broker, r.URL+"/in?key=1", func(o *Options) { o.Header = map[string]string{"authorization": "Bearer abc"} })
	p.start("a")
	p.start("b")
	p.line("a", "a1")
	p.line("b", "b1")
	p.publish("a", "progress", `{"stream":"stdout","line":"42%","redraw":true}`)
	p.line("a", "")
	p.publish("b", "line", `{"stream":"stdout","line":"lo","part":1}`)
	p.publish("b", "line", `{"stream":"stdout","line":"ng","part":2,"last":true}`)
	p.publish("a", "end", `{"status":"completed","exit_code":0}`)
	stop()
	if diff := cmp.Diff([]string{"a1", "b1", "", "long", "completed"}, r.received()); diff != "" {
		t.Error(diff)
	}
	if r.connections != 1 {
		t.Errorf("%d connections for %d requests", r.connections, len(r.requests))
	}
	keys := map[string]bool{}
	for _, q := range r.requests {
		keys[q.Header.Get("Idempotency-Key")] = true
		if q.Method != "POST" || q.RequestURI != "/in?key=1" || q.Header.Get("Authorization") != "Bearer abc" || q.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s %v", q.Method, q.RequestURI, q.Header)
		}
	}
	if len(keys) != len(r.requests) || keys[""] {
		t.Errorf("idempotency keys %v", keys)
	}
	s := f.Stats()
	p.adds(s)
	if len(f.shape.topics()) != 1 {
		t.Errorf("still known are %v, want the one that has not ended", f.shape.topics())
	}
	if s.Delivered != 6 || s.Omitted != 3 || s.LastSuccess.IsZero() || s.Failing || s.Bytes != 0 {
		t.Errorf("%+v", s)
	}
}

// Faults of the endpoint that pass are tried again, each object until it is through, and order is kept.
func TestTriedAgain(t *testing.T) {
	for name, fault := range map[string]func(http.ResponseWriter, *http.Request){
		"408": status(408), "425": status(425), "429": status(429), "500": status(500), "502": status(502), "503": status(503), "504": status(504),
		"closes":             func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"hangs":              func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"closes in its head": closesInItsHead,
	} {
		t.Run(name, func(t *testing.T) {
			p := &publisher{TB: t, Broker: newBroker()}
			var keys sync.Map // of the lines that have been tried
			r := newReceiver(t, func(w http.ResponseWriter, r *http.Request, line string) bool {
				key := r.Header.Get("Idempotency-Key")
				first, tried := keys.LoadOrStore(line, key)
				if !tried {
					fault(w, r)
				} else if first != key {
					t.Errorf("tried again under another key")
				}
				return !tried
			})
			f, stop := run(t, p.Broker, r.URL, func(o *Options) { o.AnswerTimeout, o.ConnectTimeout = 200*time.Millisecond, time.Hour })
			want := p.numbers("x", 5)
			stop()
			if diff := cmp.Diff(want, r.received()); diff != "" {
				t.Error(diff)
			}
			s := f.Stats()
			p.adds(s)
			if s.Delivered != 5 || s.LastError == "" || s.Failing {
				t.Errorf("%+v", s)
			}
		})
	}
}

func status(code int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func closesInItsHead(w http.ResponseWriter, _ *http.Request) {
	conn, out, _ := w.(http.Hijacker).Hijack()
	_, _ = out.WriteString("HTTP/1.1 200 OK\r\nContent-")
	_ = out.Flush()
	_ = conn.Close()
}

// What the endpoint refuses is given up at once, redirects too, and the next goes on.
func TestRefused(t *testing.T) {
	for _, code := range []int{301, 307, 400, 401, 404, 413, 422} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			p := &publisher{TB: t, Broker: newBroker()}
			r := newReceiver(t, func(w http.ResponseWriter, r *http.Request, line string) bool {
				w.Header().Set("Location", "/elsewhere")
				if r.URL.Path != "/" {
					t.Error("a redirect was followed")
				}
				if line == "1" {
					w.WriteHeader(code)
				}
				return line == "1"
			})
			f, stop := run(t, p.Broker, r.URL, nil)
			p.numbers("x", 3)
			stop()
			if diff := cmp.Diff([]string{"0", "2"}, r.received()); diff != "" || len(r.requests) != 3 {
				t.Errorf("%d requests, %s", len(r.requests), diff)
			}
			s := f.Stats()
			p.adds(s)
			if s.Delivered != 2 || s.GivenUp != 1 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// An answer without end costs the connection and nothing else: its object is delivered, the next one goes on.
func TestHugeAnswer(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	cut := make(chan int, 8)
	r := newReceiver(t, nil)
	r.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sent, block := 0, make([]byte, 64<<10)
		for {
			n, err := w.Write(block)
			if sent += n; err != nil {
				cut <- sent
				return
			}
		}
	})
	f, stop := run(t, p.Broker, r.URL, nil)
	p.numbers("x", 2)
	stop()
	if s := f.Stats(); s.Delivered != 2 {
		t.Errorf("%+v", s)
	}
	for range 2 {
		if sent := <-cut; sent > 64<<20 {
			t.Errorf("%d bytes were taken", sent)
		}
	}
}

// An answer's body that does not come costs at most a second, not the delivery.
func TestBodyHangs(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	r := newReceiver(t, func(w http.ResponseWriter, r *http.Request, line string) bool {
		w.Header().Set("Content-Length", "10")
		w.WriteHeader(200)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		return true
	})
	f, stop := run(t, p.Broker, r.URL, func(o *Options) { o.AnswerTimeout = time.Hour })
	p.numbers("x", 1)
	stop()
	if s := f.Stats(); s.Delivered != 1 || len(r.requests) != 1 {
		t.Errorf("%+v after %d requests", s, len(r.requests))
	}
}

// An endpoint where nobody listens is tried until somebody does.
func TestNobodyListensAtFirst(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	r := newReceiver(t, nil)
	port, listen := reserve(t)
	f, stop := run(t, p.Broker, fmt.Sprint("http://127.0.0.1:", port), func(o *Options) { o.MaxWait = 10 * time.Millisecond })
	want := p.numbers("x", 3)
	eventually(t, "a try failed", func() bool { return f.Stats().Failing && f.Stats().Backlog == 3 })
	go func() { _ = http.Serve(listen(), r.Config.Handler) }()
	eventually(t, "all arrived", func() bool { return f.Stats().Delivered == 3 })
	stop()
	if diff := cmp.Diff(want, r.received()); diff != "" {
		t.Error(diff)
	}
}

// reserve takes a port that refuses connections until listen is called.
func reserve(t *testing.T) (port int, listen func() net.Listener) {
	must := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	must(err)
	must(syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	bound, err := syscall.Getsockname(fd)
	must(err)
	return bound.(*syscall.SockaddrInet4).Port, func() net.Listener {
		must(syscall.Listen(fd, 16))
		file := os.NewFile(uintptr(fd), "listener")
		defer file.Close()
		l, err := net.FileListener(file)
		must(err)
		t.Cleanup(func() { l.Close() })
		return l
	}
}
