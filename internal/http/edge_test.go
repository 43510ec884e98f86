package http

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// edgeApp is an application with a route of each sort that notes whether the
// handler ran: what counts is that a refused request has no effect.
func edgeApp(t *testing.T, o appOptions) (addr string, ran func() bool) {
	t.Helper()
	effects := make(chan struct{}, 100)
	note := func(c *fiber.Ctx) error { effects <- struct{}{}; return okay(c) }
	l := serveApp(t, o, func(app *fiber.App) {
		app.Get("/", note)
		app.Get("/healthz", note)
		app.Post("/change", wantJSON, note)
		app.Post("/stream/*", note)
		app.Get("/stream/*", note)
	})
	return l.Addr().String(), func() bool {
		select {
		case <-effects:
			return true
		default:
			return false
		}
	}
}

func request(line string, heads ...string) string {
	return line + "\r\n" + strings.Join(append(heads, "", ""), "\r\n")
}

func TestOnlyTheHubsOwnNamesAreHeardOnEveryRoute(t *testing.T) {
	addr, ran := edgeApp(t, appOptions{AllowedHosts: []string{"Hub.Test", "other.test:9000", "192.0.2.7"}})
	_, port, _ := net.SplitHostPort(addr)
	for _, c := range []struct {
		host   string
		status int
	}{
		{addr, 200}, {"localhost:" + port, 200}, {"LocalHost:" + port, 200}, {"localhost", 200}, {"127.0.0.1", 200},
		{"localhost:1234", 200}, // a forwarded port
		{"[::1]:" + port, 200}, {"127.0.0.2:" + port, 200},
		{"hub.test", 200}, {"HUB.test:1", 200}, {"other.test:9000", 200}, {"192.0.2.7:80", 200},
		{"other.test", 421}, {"other.test:9001", 421},
		{"evil.test:" + port, 421}, {"evil.test", 421}, {"hub.test.evil.test", 421}, {"localhost.evil.test", 421}, {"evil-localhost", 421},
		{"localhost.:" + port, 421}, {"hub.test.", 421}, // one spelling of a name is enough
		{"127.1:" + port, 421}, {"2130706433", 421}, {"0x7f.0.0.1", 421}, {"127.0.0.01", 421}, {"0.0.0.0:" + port, 421}, {"0", 421},
		{"[::]:" + port, 421}, {"[0:0:0:0:0:0:0:1]", 421}, {"[::ffff:127.0.0.1]", 421}, {"[::1%25lo]", 400}, {"::1", 421},
		{"192.0.2.1", 421}, {"10.0.0.1", 421}, {"", 421}, {"localhost:", 421}, {"localhost:x", 400},
		{"user@localhost", 421}, {"evil.test@localhost", 421}, {"localhost evil.test", 400}, {"localhost,evil.test", 421}, {"localhost/evil", 400},
	} {
		for _, line := range []string{"GET / HTTP/1.1", "GET /healthz HTTP/1.1", "GET /no-such HTTP/1.1"} {
			r, body := answerTo(t, addr, request(line, "Host: "+c.host, "Connection: close"))
			want := c.status
			if want == 200 && strings.Contains(line, "no-such") {
				want = 404
			}
			if r.StatusCode != want && !(c.status != 200 && (r.StatusCode == 400 || r.StatusCode == 421)) {
				t.Errorf("%s with Host %q: got %d %s, want %d", line, c.host, r.StatusCode, body, want)
			}
			if got := ran(); got != (want == 200) {
				t.Errorf("%s with Host %q: handler ran = %v", line, c.host, got)
			}
			if r.StatusCode == 421 && c.host != "" && !strings.Contains(body, "allowed_hosts") {
				t.Errorf("Host %q: the answer does not name the setting: %s", c.host, body)
			}
		}
	}
}

func TestAWholeURLOrASecondHostDoesNotGetPastTheHostCheck(t *testing.T) {
	addr, ran := edgeApp(t, appOptions{})
	for _, raw := range []string{
		request("GET http://evil.test/ HTTP/1.1", "Host: localhost"),
		request("GET http://localhost/ HTTP/1.1", "Host: evil.test"),
		request("GET http://localhost@evil.test/ HTTP/1.1", "Host: localhost"),
		request("GET http:/// HTTP/1.1", "Host: localhost"),
		request("GET ftp://evil.test/ HTTP/1.1", "Host: localhost"),
		request("GET / HTTP/1.1", "Host: localhost", "Host: evil.test"),
		request("GET / HTTP/1.1", "Host: evil.test", "Host: localhost"),
		request("GET / HTTP/1.1", "Host: localhost", "Host: localhost"),
		request("GET / HTTP/1.1"),
		request("GET / HTTP/1.0"),
	} {
		if r, body := answerTo(t, addr, raw); r.StatusCode != 421 && r.StatusCode != 400 || ran() {
			t.Errorf("%q: got %d %s", raw, r.StatusCode, body)
		}
	}
	if r, body := answerTo(t, addr, request("GET http://localhost/ HTTP/1.1", "Host: localhost")); r.StatusCode != 200 || !ran() {
		t.Errorf("a whole URL of ours: got %d %s", r.StatusCode, body)
	}
}

func TestAnAddressIsKnownOnlyOnAConnectionThatCameInAtIt(t *testing.T) {
	e, err := newEdge([]string{"proxy.test"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) net.Addr {
		return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(s), 8002))
	}
	unix := &net.UnixAddr{Name: "/run/hub.sock"}
	for _, c := range []struct {
		host  string
		local net.Addr
		known bool
	}{
		{"192.168.1.5:8002", at("192.168.1.5"), true}, {"192.168.1.5:8002", at("::ffff:192.168.1.5"), true},
		{"192.168.1.5:8002", at("192.168.1.6"), false}, {"192.168.1.5", at("127.0.0.1"), false},
		{"127.0.0.1:8002", at("192.168.1.5"), false}, {"[::1]", at("127.0.0.1"), true},
		{"[2001:db8::1]:8002", at("2001:db8::1"), true}, {"[2001:DB8::1]", at("2001:db8::1"), true}, {"[2001:db8::2]", at("2001:db8::1"), false},
		{"127.0.0.1", unix, false}, {"proxy.test", unix, true}, {"evil.test", unix, false},
	} {
		if got := e.knows(c.host, c.local); got != c.known {
			t.Errorf("host %s on a connection to %s: known = %v", c.host, c.local, got)
		}
	}
}

func TestAForeignPageMayDoNothing(t *testing.T) {
	addr, ran := edgeApp(t, appOptions{AllowedHosts: []string{"good.test"}, AllowedOrigins: []string{"https://Friend.test", "http://friend.test:3000"}})
	for _, c := range []struct {
		host, origin string
		status       int
	}{
		{addr, "http://" + addr, 200}, {addr, "HTTP://" + addr, 200},
		{"localhost:8002", "http://LOCALHOST:8002", 200}, {"good.test", "http://good.test", 200},
		{"good.test", "https://good.test", 200}, {"good.test:443", "https://good.test", 200}, {"good.test", "https://good.test:443", 200},
		{"good.test", "http://good.test:443", 403}, {"good.test:80", "https://good.test", 403},
		{"localhost:8002", "http://localhost:9999", 403}, {"localhost:8002", "http://localhost", 403},
		{"localhost:8002", "http://127.0.0.1:8002", 403}, {"localhost:8002", "http://127.0.0.2:8002", 403},
		{"localhost:8002", "http://localhost.:8002", 403}, {"good.test", "http://good.test.evil.test", 403},
		{"good.test", "http://evil.test/good.test", 403}, {"good.test", "http://evil.test@good.test", 403}, {"good.test", "http://good.test@evil.test", 403},
		{"good.test", "http://good.test/", 403}, {"good.test", "null", 403}, {"good.test", "file://", 403}, {"good.test", "", 403},
		{"good.test", "chrome-extension://good.test", 403}, {"good.test", "good.test", 403}, {"good.test", "http://good.test http://evil.test", 403},
		{"good.test", "https://friend.test", 200}, {"good.test", "https://friend.test:443", 200}, {"good.test", "http://FRIEND.test:3000", 200},
		{"good.test", "http://friend.test", 403}, {"good.test", "https://friend.test:3000", 403}, {"good.test", "https://sub.friend.test", 403},
	} {
		for name, raw := range map[string]string{
			"a change":    request("POST /change HTTP/1.1", "Host: "+c.host, "Origin: "+c.origin, "Content-Type: application/json", "Content-Length: 0"),
			"a publish":   request("POST /stream/ci/1 HTTP/1.1", "Host: "+c.host, "Origin: "+c.origin, "Content-Length: 0"),
			"a stream":    request("GET /stream/ci/1 HTTP/1.1", "Host: "+c.host, "Origin: "+c.origin),
			"a WebSocket": request("GET /stream/ci/1 HTTP/1.1", "Host: "+c.host, "Origin: "+c.origin, "Upgrade: websocket", "Connection: Upgrade"),
		} {
			if r, body := answerTo(t, addr, raw); r.StatusCode != c.status {
				t.Errorf("%s from %q to %q: got %d %s, want %d", name, c.origin, c.host, r.StatusCode, body, c.status)
			}
			if got := ran(); got != (c.status == 200) {
				t.Errorf("%s from %q to %q: handler ran = %v", name, c.origin, c.host, got)
			}
		}
	}
}

func TestWithoutAnOriginTheBrowsersWordForTheSiteCounts(t *testing.T) {
	addr, ran := edgeApp(t, appOptions{})
	for _, c := range []struct {
		line  string
		heads []string
		ok    bool
	}{
		{"GET /stream/x HTTP/1.1", nil, true}, // a program
		{"GET /stream/x HTTP/1.1", []string{"Sec-Fetch-Site: same-origin"}, true},
		{"GET / HTTP/1.1", []string{"Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate"}, true},
		{"GET /stream/x HTTP/1.1", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"}, false},
		{"GET /stream/x HTTP/1.1", []string{"Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"}, false}, // another port
		{"GET / HTTP/1.1", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, true},
		{"GET / HTTP/1.1", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"}, false},
		{"POST /change HTTP/1.1", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Content-Type: application/json"}, false},
		{"POST /stream/x HTTP/1.1", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, false},
		{"POST /stream/x HTTP/1.1", []string{"Sec-Fetch-Site: nonsense"}, false},
	} {
		raw := request(c.line, append([]string{"Host: " + addr, "Content-Length: 0"}, c.heads...)...)
		if r, body := answerTo(t, addr, raw); (r.StatusCode == 200) != c.ok || ran() != c.ok {
			t.Errorf("%s %v: got %d %s", c.line, c.heads, r.StatusCode, body)
		}
	}
}

func TestChangesAreTakenAsJSONOnly(t *testing.T) {
	addr, ran := edgeApp(t, appOptions{})
	for kind, ok := range map[string]bool{
		"application/json": true, "application/json; charset=utf-8": true, "Application/JSON": true,
		"": false, "text/plain": false, "application/x-www-form-urlencoded": false, "multipart/form-data; boundary=x": false,
		"text/json": false, "text/plain+json": false, "application/problem+json": false, "text/plain; application/json": false,
		"application/json, text/plain": false, "application/json; charset": false, "application/jsonx": false,
	} {
		heads := []string{"Host: " + addr, "Content-Length: 2"}
		if kind != "" {
			heads = append(heads, "Content-Type: "+kind)
		}
		r, body := answerTo(t, addr, request("POST /change HTTP/1.1", heads...)+"{}")
		if want := map[bool]int{true: 200, false: 415}[ok]; r.StatusCode != want || ran() != ok {
			t.Errorf("%q: got %d %s, want %d", kind, r.StatusCode, body, want)
		}
	}
}

func TestOnlyAllowedOriginsMayReadAnswers(t *testing.T) {
	addr, ran := edgeApp(t, appOptions{AllowedOrigins: []string{"https://friend.test"}})
	preflight := func(origin string) string {
		return request("OPTIONS /change HTTP/1.1", "Host: "+addr, "Origin: "+origin, "Access-Control-Request-Method: POST",
			"Access-Control-Request-Headers: content-type", "Sec-Fetch-Site: cross-site")
	}
	r, _ := answerTo(t, addr, preflight("https://friend.test"))
	if r.StatusCode != 204 || r.Header.Get("Access-Control-Allow-Origin") != "https://friend.test" ||
		!strings.Contains(r.Header.Get("Access-Control-Allow-Methods"), "POST") ||
		r.Header.Get("Access-Control-Allow-Headers") != "Content-Type, Last-Event-ID" || r.Header.Get("Vary") != "Origin" {
		t.Errorf("an allowed origin's preflight: %d %v", r.StatusCode, r.Header)
	}
	for _, origin := range []string{"https://evil.test", "null", "https://friend.test.evil.test", "http://" + addr} {
		if r, _ := answerTo(t, addr, preflight(origin)); r.Header.Get("Access-Control-Allow-Origin") != "" || r.StatusCode < 400 {
			t.Errorf("%s's preflight: %d %v", origin, r.StatusCode, r.Header)
		}
	}
	if ran() {
		t.Error("a preflight ran the handler")
	}
	r, _ = answerTo(t, addr, request("GET / HTTP/1.1", "Host: "+addr, "Origin: https://friend.test", "Sec-Fetch-Site: cross-site"))
	if r.StatusCode != 200 || r.Header.Get("Access-Control-Allow-Origin") != "https://friend.test" || r.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("an allowed origin's request: %d %v", r.StatusCode, r.Header)
	}
	r, _ = answerTo(t, addr, request("GET / HTTP/1.1", "Host: "+addr))
	if r.Header.Get("Access-Control-Allow-Origin") != "" || r.Header.Get("Vary") != "Origin" {
		t.Errorf("a request without an origin: %v", r.Header)
	}
}

func TestASettingThatIsNoHostOrOriginIsAnError(t *testing.T) {
	for _, o := range []appOptions{
		{AllowedHosts: []string{"http://hub.test"}}, {AllowedHosts: []string{"*"}}, {AllowedHosts: []string{""}},
		{AllowedOrigins: []string{"*"}}, {AllowedOrigins: []string{"hub.test"}}, {AllowedOrigins: []string{"https://hub.test/"}}, {AllowedOrigins: []string{"null"}},
	} {
		if _, err := newApp(o); err == nil || !strings.HasPrefix(err.Error(), "cannot use ") {
			t.Errorf("%v: %v", o, err)
		}
	}
}
