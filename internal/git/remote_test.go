package git

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hub/internal/git/gittest"
)

func TestWhatCannotBeClonedSaysWhyAndWhatToDo(t *testing.T) {
	host := gittest.StartServer(t, gittest.Options{})
	server := host.URL
	host.Repo("empty", nil).Git("update-ref", "-d", "refs/heads/main")
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("<html>welcome</html>")) }))
	defer page.Close()
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) }))
	defer busy.Close()
	secure := httptest.NewUnstartedServer(page.Config.Handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	for url, want := range map[string]struct {
		kind error
		said string
	}{
		server + "/none.git":         {ErrNotFound, "there is no such repository"},
		server + "/":                 {ErrRemote, "500 Internal Server Error"},
		server + "/empty.git":        {ErrNotFound, "no commits"},
		"http://x.invalid/site":      {ErrRemote, "the host x.invalid"},
		"http://127.0.0.1:1/site":    {ErrRemote, "nobody listens there; check the address"},
		"http://169.254.169.254/a":   {ErrRemote, "address 169.254.169.254 is not allowed"},
		page.URL + "/site":           {ErrRemote, "no git repository"},
		busy.URL + "/site":           {ErrRemote, "503 Service Unavailable"},
		secure.URL + "/site":         {ErrRemote, "certificate is not trusted"},
		"ssh://git@127.0.0.1:1/site": {ErrUnauthorized, "no ssh agent; start the hub with SSH_AUTH_SOCK"},
	} {
		t.Setenv("SSH_AUTH_SOCK", "")
		cloneOf(t, Spec{URL: url}).failed(t, want.kind, "cannot clone "+url+": ", want.said)
	}
}

func TestRedirectsAreFollowedOnTheSameServerOnly(t *testing.T) {
	r := gittest.StartServer(t, gittest.Options{}).Repo("site", nil)
	other := gittest.StartServer(t, gittest.Options{}).Repo("site", nil)
	var to string
	redirect := func(inner http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if path, old := strings.CutPrefix(r.URL.Path, "/old"); old {
				http.Redirect(w, r, to+path+"?"+r.URL.RawQuery, http.StatusMovedPermanently)
				return
			}
			inner.ServeHTTP(w, r)
		})
	}
	front := httptest.NewServer(redirect(forward(t, r.URL)))
	defer front.Close()
	if c := cloneOf(t, Spec{URL: front.URL + "/old/site.git"}); c.err != nil || c.commit != r.Head() {
		t.Error(c.commit, c.err)
	}
	to = strings.TrimSuffix(other.URL, "/site.git")
	cloneOf(t, Spec{URL: front.URL + "/old/site.git"}).failed(t, ErrRemote, "redirects to another server, "+strings.TrimPrefix(to, "http://"))
	for _, elsewhere := range []string{"file:///etc", "ftp://127.0.0.1/", "ssh://127.0.0.1/"} {
		to = elsewhere
		cloneOf(t, Spec{URL: front.URL + "/old/site.git"}).failed(t, ErrRemote, "cannot clone "+front.URL)
	}
}
