package http

import (
	"fmt"
	"mime"
	"net"
	nethttp "net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// edge decides whose requests are heard at all. There is no login yet: whoever
// reaches the port may use the hub. What it keeps out is what a browser on the
// same machine would otherwise be made to do by a page of somebody else's.
type edge struct {
	hosts   map[authority]bool // port "": any port
	origins map[origin]bool
}

func newEdge(hosts, origins []string) (*edge, error) {
	e := &edge{make(map[authority]bool), make(map[origin]bool)}
	for _, h := range hosts {
		a, ok := parseAuthority(h)
		if !ok {
			return nil, fmt.Errorf("cannot use %q in allowed_hosts: it must be a name or name:port", h)
		}
		e.hosts[a] = true
	}
	for _, s := range origins {
		o, ok := parseOrigin(s)
		if !ok {
			return nil, fmt.Errorf("cannot use %q in allowed_origins: it must be http://name[:port] or https://name[:port]", s)
		}
		e.origins[o] = true
	}
	return e, nil
}

// host refuses requests for a name that is not this hub's. A page of evil.test
// whose name now points at this machine is same-origin with the hub in the
// browser's eyes; the Host it sends still says evil.test.
func (e *edge) host(c *fiber.Ctx) error {
	host := string(c.Request().Header.Host())
	if !e.knows(host, c.Context().LocalAddr()) {
		return misdirected(host)
	}
	// A request line with a whole URI names a host of its own.
	if target := c.Request().Header.RequestURI(); len(target) > 0 && target[0] != '/' && target[0] != '*' {
		if host := string(c.Request().URI().Host()); !e.knows(host, c.Context().LocalAddr()) {
			return misdirected(host)
		}
	}
	return c.Next()
}

func misdirected(host string) error {
	if host == "" {
		return newError(nethttp.StatusMisdirectedRequest, "the request names no host")
	}
	return newError(nethttp.StatusMisdirectedRequest, "this hub does not answer for the host %q; if it should, add the name to allowed_hosts", shorten(host))
}

// knows says whether host is a name of this hub: localhost, the address the
// connection came in at, any loopback address on a connection over loopback, or
// a name that the configuration allows. The port is not compared unless the
// configuration names one: a forwarded port is still this hub.
func (e *edge) knows(host string, local net.Addr) bool {
	a, ok := parseAuthority(host)
	if !ok {
		return false
	}
	if a.host == "localhost" || e.hosts[a] || e.hosts[authority{host: a.host}] {
		return true
	}
	ip, at := a.ip(), addrOf(local)
	return ip.IsValid() && at.IsValid() && (ip == at || ip.IsLoopback() && at.IsLoopback())
}

// origin refuses what a foreign page makes a browser send, on every route: by
// Origin where there is one, by Sec-Fetch-Site for what goes without. A program
// (curl, websocat) sends neither and passes. Following a link from elsewhere to
// one of our pages is no misuse.
func (e *edge) origin(c *fiber.Ctx) error {
	listed := false
	if value := c.Request().Header.Peek(fiber.HeaderOrigin); value != nil {
		from, ok := parseOrigin(string(value))
		listed = ok && e.origins[from]
		if !listed && (!ok || !sameHost(from, string(c.Request().Header.Host()))) {
			return forbidden("pages of %q may not use this hub; if they should, add the origin to allowed_origins", shorten(string(value)))
		}
	}
	switch site := c.Get("Sec-Fetch-Site"); site {
	case "", "same-origin", "none":
	default:
		if !listed && !followsLink(c) {
			return forbidden("a page of another site (%s) may not use this hub", shorten(site))
		}
	}
	if len(e.origins) > 0 {
		c.Append(fiber.HeaderVary, fiber.HeaderOrigin)
	}
	if listed {
		return share(c)
	}
	return c.Next()
}

func sameHost(from origin, host string) bool {
	a, ok := parseAuthority(host)
	return ok && a.orPort(from.scheme) == from.authority
}

func followsLink(c *fiber.Ctx) bool {
	return (c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead) &&
		c.Get("Sec-Fetch-Mode") == "navigate" && c.Get("Sec-Fetch-Dest") == "document"
}

// share lets a page of an allowed origin read the answer, and answers the
// question its browser asks before some requests. Never "*", and no credentials.
func share(c *fiber.Ctx) error {
	c.Set(fiber.HeaderAccessControlAllowOrigin, c.Get(fiber.HeaderOrigin))
	c.Set(fiber.HeaderAccessControlExposeHeaders, headerRequestID+", "+fiber.HeaderRetryAfter)
	if c.Method() != fiber.MethodOptions || c.Get(fiber.HeaderAccessControlRequestMethod) == "" {
		return c.Next()
	}
	c.Set(fiber.HeaderAccessControlAllowMethods, "GET, HEAD, POST, PUT, DELETE")
	c.Set(fiber.HeaderAccessControlAllowHeaders, "Content-Type, Last-Event-ID")
	c.Set(fiber.HeaderAccessControlMaxAge, "600")
	return c.SendStatus(nethttp.StatusNoContent)
}

// wantJSON stands before every route that changes something, but for publishing:
// what a form, or a script without asking first, can send is never taken.
func wantJSON(c *fiber.Ctx) error {
	sent := string(c.Request().Header.ContentType())
	essence, _, err := mime.ParseMediaType(sent)
	if err != nil || essence != fiber.MIMEApplicationJSON {
		return unsupportedType("the body must be sent with Content-Type: application/json, not %q", shorten(strings.ToValidUTF8(sent, "")))
	}
	return c.Next()
}
