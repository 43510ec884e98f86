package forward

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/http/httpguts"

	"hub/internal/outbound"
)

// target is where to send and what to keep quiet about it.
type target struct {
	url     string
	header  map[string]string
	name    string // scheme and host: what logs may say
	secrets *strings.Replacer
}

// newTarget checks an endpoint and its headers. Its errors do not repeat their values.
func newTarget(endpoint string, header map[string]string) (*target, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" {
		return nil, errors.New("it is no URL like https://host/path")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		if err := outbound.Allow(ip); err != nil {
			return nil, err
		}
	}
	for name, value := range header {
		switch {
		case !httpguts.ValidHeaderFieldName(name):
			return nil, fmt.Errorf("%q is no name of a header", name)
		case !httpguts.ValidHeaderFieldValue(value):
			return nil, fmt.Errorf("the value of header %s has bytes that no header may have", name)
		}
		switch strings.ToLower(name) {
		case "host", "connection", "content-length", "content-type", "transfer-encoding", "trailer", "idempotency-key":
			return nil, fmt.Errorf("header %s is not for the configuration to set", name)
		}
	}
	u.Fragment = ""
	return &target{u.String(), header, u.Scheme + "://" + u.Host, replacer(u, header)}, nil
}

// shortest is the length from which a value is hidden: replacing shorter ones would garble every text and hide little.
const shortest = 4

// token is the length from which a segment of a path may be a secret of its own, as in the URLs of chat services. Shorter ones are words.
const token = 12

// replacer hides all that may be secret in an endpoint, longest first, so that a part does not keep the whole from being found.
func replacer(u *url.URL, header map[string]string) *strings.Replacer {
	values := []string{u.Path, u.EscapedPath(), u.RawQuery}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if len(segment) >= token {
			values = append(values, segment)
		}
	}
	for _, all := range u.Query() {
		values = append(values, all...)
	}
	if u.User != nil {
		password, _ := u.User.Password()
		basic := base64.StdEncoding.EncodeToString([]byte(u.User.Username() + ":" + password))
		values = append(values, u.User.Username(), password, u.User.String(), basic)
	}
	for _, value := range header {
		values = append(values, value)
		values = append(values, strings.Fields(value)...) // the token after "Bearer"
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, v := range values {
		if len(v) >= shortest && !strings.EqualFold(v, "bearer") && !strings.EqualFold(v, "basic") {
			pairs = append(pairs, v, "***")
		}
	}
	return strings.NewReplacer(pairs...)
}

// redact makes a text fit for a log line: without secrets, and without what could steer the terminal of who reads it.
func (t *target) redact(text string) string {
	return strings.Map(printable, t.secrets.Replace(text))
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '\ufffd'
}

// excerpt is the beginning of an answer. Secrets go before it is cut, since half of one would not be found any more.
func (t *target) excerpt(body []byte) string {
	const most = 200
	text := strings.Join(strings.Fields(t.secrets.Replace(strings.ToValidUTF8(string(body), "\ufffd"))), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	if text == "" {
		return "nothing"
	}
	return text
}
