package forward

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// Bad endpoints and headers are errors of New that do not repeat what may be secret.
func TestBadOptions(t *testing.T) {
	for _, c := range []struct {
		endpoint string
		header   map[string]string
	}{
		{"", nil},
		{"canary", nil},
		{"/canary", nil},
		{"ftp://host/canary", nil},
		{"http:///canary", nil},
		{"http:canary", nil},
		{"http://:80/canary", nil},
		{"http://host:canary/", nil},
		{"http://host/%zzcanary", nil},
		{"http://169.254.169.254/canary", nil},
		{"http://[fe80::1]/canary", nil},
		{"http://host", map[string]string{"X y": "canary"}},
		{"http://host", map[string]string{"Authorization": "canary\r\nX: y"}},
		{"http://host", map[string]string{"host": "canary"}},
		{"http://host", map[string]string{"Content-Length": "canary"}},
	} {
		_, err := New(Options{Broker: newBroker(), Endpoint: c.endpoint, Header: c.header})
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q %v: %v", c.endpoint, c.header, err)
		}
	}
}

// A name that comes to resolve to a metadata address leads nowhere: addresses are checked when they are dialled.
func TestRebinding(t *testing.T) {
	var address atomic.Value
	address.Store(netip.MustParseAddr("127.0.0.1"))
	resolver := nameServer(t, func() netip.Addr { return address.Load().(netip.Addr) })
	r := newReceiver(t, nil)
	_, port, _ := net.SplitHostPort(r.Listener.Addr().String())
	o := Options{Broker: newBroker(), Endpoint: "http://endpoint.test:" + port}
	f, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	f.client = newClient(f.options, resolver)
	defer f.client.CloseIdleConnections()
	if v := f.try(t.Context(), item{body: []byte(`{}`)}); v.outcome != delivered {
		t.Fatal(v.err)
	}
	f.client.CloseIdleConnections()
	address.Store(netip.MustParseAddr("169.254.169.254"))
	v := f.try(t.Context(), item{body: []byte(`{}`)})
	if v.outcome != again || !strings.Contains(fmt.Sprint(v.err), "169.254.169.254 is not allowed") {
		t.Errorf("%v %v", v.outcome, v.err)
	}
}

// nameServer is a resolver that asks a name server of its own, which answers every question for an IPv4 address.
func nameServer(t *testing.T, address func() netip.Addr) *net.Resolver {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() { conn.Close(); <-ended })
	go func() {
		defer close(ended)
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			var m dnsmessage.Message
			if err != nil || m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q.Type == dnsmessage.TypeA {
				head := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: address().As4()}}}
			}
			if reply, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// No secret of the configuration is in a log line or in Stats, even when the endpoint repeats all that it was sent: in an answer, where
// it is cut, or in place of one.
func TestSecrets(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	r := newReceiver(t, func(w http.ResponseWriter, r *http.Request, line string) bool {
		authorization := r.Header.Get("Authorization")
		switch line {
		case "0":
			w.WriteHeader(400)
			fmt.Fprintf(w, "bad\x1b[31m %s %s %s", r.RequestURI, authorization, r.Header.Get("X-Key"))
		case "1":
			w.WriteHeader(401)
			fmt.Fprintf(w, "%s %s", strings.Repeat("-", 190), authorization)
		default:
			conn, out, _ := w.(http.Hijacker).Hijack()
			fmt.Fprintf(out, "HTTP/1.1 %s\x1b[31m\r\n\r\n", authorization)
			_ = out.Flush()
			_ = conn.Close()
		}
		return true
	})
	text := &logs{}
	endpoint := strings.Replace(r.URL, "http://", "http://canaryuser:canarypass@", 1) + "/canarypath/in?token=canaryquery"
	f, stop := run(t, p.Broker, endpoint, func(o *Options) {
		o.Header = map[string]string{"Authorization": "canaryscheme canarytoken", "X-Key": "canarykey"}
		o.Log = slog.New(slog.NewJSONHandler(text, nil))
		o.Grace = 50 * time.Millisecond
	})
	said := ""
	for line := range 3 {
		p.line("x", fmt.Sprint(line))
		eventually(t, "a try failed", func() bool { return f.Stats().LastError != "" && !strings.Contains(said, f.Stats().LastError) })
		said += f.Stats().LastError + "\n"
	}
	stop()
	said += text.String()
	if strings.Contains(said, "canary") || strings.Contains(said, "\x1b") || strings.Contains(said, `\u001b`) || strings.Contains(said, "Post") {
		t.Error(said)
	}
	for _, want := range []string{"answered 400 Bad Request: bad", "trying again", r.URL, "not forwarded before the end"} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q in %s", want, said)
		}
	}
}
