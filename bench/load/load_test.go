//go:build linux

package main

import (
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func TestEveryDeliveryIsCountedOnBothTransports(t *testing.T) {
	for _, transport := range []string{"ws", "sse"} {
		o := new(fake).serve(t, transport)
		o.pid = os.Getpid()
		r, err := fanout(o)
		if err != nil {
			t.Fatalf("%s: %v", transport, err)
		}
		if r.Published == 0 || r.Deliveries != 5*r.Published || r.Lost+r.Disordered != 0 || r.Closed != 0 {
			t.Errorf("%s: %+v", transport, r)
		}
		if r.P50 <= 0 || r.P50 > r.P99 || r.P99 > r.Max || r.Max > 10e6 {
			t.Errorf("%s: latencies %v, %v, %v", transport, r.P50, r.P99, r.Max)
		}
	}
}

func TestALostEventIsCountedOnceForEachReader(t *testing.T) {
	f := &fake{mangle: func(n int, line []byte) [][]byte {
		if n == 7 {
			return nil
		}
		return [][]byte{line}
	}}
	r, err := fanout(f.serve(t, "ws"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Lost != 5 || r.Disordered != 0 || r.Deliveries != 5*(r.Published-1) {
		t.Errorf("%+v", r)
	}
}

func TestLosingTheLastEventsEndsTheWaitAndIsCounted(t *testing.T) {
	f := &fake{mangle: func(n int, line []byte) [][]byte {
		if n > 10 {
			return nil
		}
		return [][]byte{line}
	}}
	began := time.Now()
	r, err := fanout(f.serve(t, "sse"))
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 30*quiet {
		t.Errorf("waited %v for what never came", took)
	}
	if r.Deliveries != 50 || r.Lost != 5*(r.Published-10) || r.Lost == 0 {
		t.Errorf("%+v", r)
	}
}

func TestARepeatedEventIsDisorderAndNoDelivery(t *testing.T) {
	f := &fake{mangle: func(n int, line []byte) [][]byte {
		if n == 3 {
			return [][]byte{line, line}
		}
		return [][]byte{line}
	}}
	r, err := fanout(f.serve(t, "ws"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Disordered != 5 || r.Lost != 0 || r.Deliveries != 5*r.Published {
		t.Errorf("%+v", r)
	}
}

func TestAReaderTheServerClosesIsCountedWithTheReasonAndTheRestAsLost(t *testing.T) {
	f := &fake{after: func(f *fake, n int, r net.Conn) {
		if n == 6 && r == f.readers[0] {
			r.Write(append([]byte{0x88, 10, 0x0f, 0xa8}, "too slow"...))
			r.Close()
		}
	}}
	r, err := fanout(f.serve(t, "ws"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Closed != 1 || r.Reason != "closed with 4008 too slow" || r.Lost != r.Published-6 {
		t.Errorf("%+v", r)
	}
}

func TestAStalledReaderTheServerGivesUpOnIsCounted(t *testing.T) {
	f := &fake{after: func(f *fake, n int, r net.Conn) {
		if n == 2 && r == f.readers[5] {
			r.Close()
		}
	}}
	o := f.serve(t, "sse")
	o.stalled = 2
	r, err := fanout(o)
	if err != nil {
		t.Fatal(err)
	}
	if r.StalledClosed != 1 || r.Closed != 0 || r.Deliveries != 5*r.Published {
		t.Errorf("%+v", r)
	}
}

func TestALateReaderIsTimedUntilItHasEverything(t *testing.T) {
	o := new(fake).serve(t, "sse")
	o.history, o.measure = 400, 20*time.Second
	r, err := replay(o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Published != 400 || r.Deliveries != 5*400 || r.Lost != 0 || r.CaughtUp <= 0 {
		t.Errorf("%+v", r)
	}
}

func TestIdleReadersAreLeftAlone(t *testing.T) {
	o := new(fake).serve(t, "ws")
	o.pid = os.Getpid()
	r, err := idle(o)
	if err != nil || r.Deliveries != 0 || r.Closed != 0 || r.Seconds < o.measure.Seconds() {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestARefusalIsAnErrorThatQuotesTheServer(t *testing.T) {
	for method, want := range map[string]string{
		http.MethodGet:  `of 5 was not taken: the server answers "HTTP/1.1 503 Service Unavailable"`,
		http.MethodPost: "cannot publish: 503 Service Unavailable: come back later",
	} {
		f := &fake{refuse: func(r *http.Request) (int, string) {
			if r.Method == method {
				return 503, "come back later"
			}
			return 0, ""
		}}
		_, err := fanout(f.serve(t, "ws"))
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", method, err, want)
		}
	}
}

func TestAPingIsAnsweredWithItsPayload(t *testing.T) {
	f := &fake{hello: []byte{0x89, 2, 'h', 'i'}}
	if _, err := fanout(f.serve(t, "ws")); err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	pong := make([]byte, 8)
	if _, err := f.readers[0].Read(pong); err != nil || !strings.HasSuffix(string(pong), "hi") || pong[0] != 0x8a {
		t.Errorf("the answer is %x, %v", pong, err)
	}
}
