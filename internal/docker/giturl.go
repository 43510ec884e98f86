package docker

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
)

// gitURL is the address of a repository, apart from what opens it.
type gitURL struct {
	address string // without credentials
	login   transport.AuthMethod
	secrets []string // that are in login
}

// String is the address without credentials.
func (g gitURL) String() string { return g.address }

// parseGitURL takes what go-git can clone without asking anybody anything: http,
// https, ssh, and ssh's short form git@host:path. Files of the host are not for
// requests to name; the protocol git proves nothing about who answers.
func parseGitURL(raw string) (gitURL, error) {
	if strings.ContainsFunc(raw, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) || strings.HasPrefix(raw, "-") {
		return gitURL{}, invalid("git_url", "cannot use the git_url: it holds what no address can")
	}
	end, err := transport.NewEndpoint(raw)
	if err != nil { // which would show the credentials
		return gitURL{}, invalid("git_url", "cannot use the git_url: it is no address")
	}
	switch end.Protocol {
	case "http", "https":
		return parseWebURL(raw)
	case "ssh":
		if end.Password != "" || strings.Contains(end.User, ":") {
			return gitURL{}, invalid("git_url", "cannot use the git_url: ssh takes keys from the ssh agent of the hub's user, and no password")
		}
		if !strings.Contains(raw, "://") && strings.Contains(end.Path, "@") { // token@host/path without its scheme
			return gitURL{}, invalid("git_url", "cannot use the git_url: one that holds credentials must begin with https://")
		}
		return gitURL{address: raw}, nil
	}
	return gitURL{}, invalid("git_url", "cannot use the git_url: it must begin with http://, https:// or ssh://")
}

func parseWebURL(raw string) (gitURL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return gitURL{}, invalid("git_url", "cannot use the git_url: it must be like https://host/path, without \"?\" and \"#\"")
	}
	g := gitURL{}
	if u.User != nil {
		password, _ := u.User.Password()
		g.login = &githttp.BasicAuth{Username: u.User.Username(), Password: password}
		g.secrets = []string{password, u.User.Username()} // either may be the token
		u.User = nil
	}
	g.address = u.String()
	return g, nil
}

// scrub takes the credentials out of words of others, in each spelling in which
// they could have them back.
func (g gitURL) scrub(text string) string {
	for _, s := range g.secrets {
		for _, spelling := range []string{s, url.QueryEscape(s), url.PathEscape(s)} {
			text = hide(text, spelling)
		}
	}
	return text
}

// checkRef takes what can name a branch, a tag or a commit.
func checkRef(ref string) error {
	if ref == "" {
		return nil
	}
	name := plumbing.ReferenceName(ref)
	if !strings.HasPrefix(ref, "refs/") {
		name = plumbing.NewBranchReferenceName(ref)
	}
	if err := name.Validate(); err != nil || strings.HasPrefix(ref, "-") {
		return invalid("ref", "cannot use %q as a ref: it must be a branch, a tag or a whole commit id", ref)
	}
	return nil
}
