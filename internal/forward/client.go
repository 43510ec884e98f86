package forward

import (
	"net"
	"net/http"
	"time"

	"hub/internal/outbound"
)

// newClient makes a client for one endpoint: one connection, kept alive. The resolver is the system's when nil.
func newClient(o Options, resolver *net.Resolver) *http.Client {
	dialer := &net.Dialer{
		Timeout:  o.ConnectTimeout,
		Resolver: resolver,
		Control:  outbound.Control,
	}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  nil, // Control would check its address instead of the endpoint's
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    o.ConnectTimeout,
			ResponseHeaderTimeout:  o.AnswerTimeout,
			MaxResponseHeaderBytes: maxAnswer,
			MaxConnsPerHost:        1,
			IdleConnTimeout:        90 * time.Second,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
