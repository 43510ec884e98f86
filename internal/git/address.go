package git

import (
	"cmp"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
)

// address is where a repository is, apart from what opens it.
type address struct {
	text    string // without credentials
	folder  string // of this host, absolute; "" for a server
	login   transport.AuthMethod
	secrets []string // that are in login
}

// String is the address without credentials.
func (a address) String() string { return a.text }

// tokenUser is the user of a password that comes without one: servers that know
// tokens take any name, and refuse none.
const tokenUser = "git"

// parse takes what can be cloned without asking anybody anything. The protocol git
// proves nothing about who answers; other schemes would run programs.
func (s Spec) parse() (address, error) {
	raw := s.URL
	if raw == "" {
		return address{}, wrongURL("it is missing")
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) || strings.HasPrefix(raw, "-") {
		return address{}, wrongURL("it holds what no address can")
	}
	end, err := transport.NewEndpoint(raw)
	if err != nil { // which would show the credentials
		return address{}, wrongURL("it is no address")
	}
	switch end.Protocol {
	case "http", "https":
		return s.parseWeb()
	case "ssh":
		if s.Password != "" || end.Password != "" || strings.Contains(end.User, ":") {
			return address{}, wrongURL("ssh takes keys from the ssh agent of the hub's user, and no password")
		}
		if !strings.Contains(raw, "://") && strings.Contains(end.Path, "@") { // token@host/path without its scheme
			return address{}, wrongURL("one that holds credentials must begin with https://")
		}
		return address{text: raw}, nil
	case "file":
		return s.parseLocal()
	}
	return address{}, wrongURL("it must begin with http://, https:// or ssh://")
}

func (s Spec) parseWeb() (address, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return address{}, wrongURL(`it must be like https://host/path, without "?" and "#"`)
	}
	password, _ := u.User.Password()
	user, password := cmp.Or(s.Username, u.User.Username()), cmp.Or(s.Password, password)
	a := address{}
	if user != "" || password != "" {
		a.login = &githttp.BasicAuth{Username: cmp.Or(user, tokenUser), Password: password}
		a.secrets = []string{password, user} // either may be the token
	}
	u.User = nil
	a.text = u.String()
	return a, nil
}

// noPassword stands for none where a server is told a token as the user's name.
const noPassword = "x-oauth-basic"

// Secrets are what opens the repository, in the address and beside it, also where one
// goes over the other: each password, and a user's name where that may be the token,
// which is where no password, or the word that stands for none, is with it. A user of
// ssh is no secret. None stands there twice.
func (s Spec) Secrets() []string {
	var user, password string // in the address
	if u, err := url.Parse(s.URL); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		user = u.User.Username()
		password, _ = u.User.Password()
	}
	all := []string{secretOf(user, password), secretOf(s.Username, cmp.Or(s.Password, password))}
	return slices.Compact(slices.DeleteFunc(all, func(s string) bool { return s == "" }))
}

func secretOf(user, password string) string {
	if password == "" || password == noPassword {
		return user
	}
	return password
}

func (s Spec) parseLocal() (address, error) {
	folder := s.URL
	if strings.Contains(folder, ":") {
		u, err := url.Parse(folder)
		if err != nil || u.Scheme != "file" || u.Host != "" || u.RawQuery != "" || u.Fragment != "" {
			return address{}, wrongURL("it is no address")
		}
		folder = u.Path
	}
	switch {
	case len(s.Local) == 0:
		return address{}, forbidden("cannot use the address of the repository: it must begin with http://, https:// or ssh://; folders of this host are not cloned")
	case !filepath.IsAbs(folder):
		return address{}, wrongURL("it must begin with http://, https:// or ssh://, a folder's with /")
	}
	folder = filepath.Clean(folder)
	if !s.Local.name(folder) {
		return address{}, s.Local.outside(folder)
	}
	return address{text: folder, folder: folder}, nil
}

func wrongURL(why string) *Error {
	return invalid(fieldURL, "cannot use the address of the repository: %s", why)
}

func forbidden(format string, args ...any) *Error {
	return fail(ErrForbidden, format, args...).of(fieldURL)
}
