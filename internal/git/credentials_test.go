package git

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hub/internal/git/gittest"
)

const password = "hush/hush 4711"

func TestCredentialsInTheAddressOrBesideItOpenARepository(t *testing.T) {
	r := gittest.StartServer(t, gittest.Options{User: "friend", Password: password}).Repo("site", map[string]string{"a": "1"})
	with := func(user string) string { return strings.Replace(r.URL, "//", "//"+user+"@", 1) }
	for what, s := range map[string]Spec{
		"in the address":                 {URL: with("friend:hush%2Fhush%204711")},
		"beside it":                      {URL: r.URL, Username: "friend", Password: password},
		"over others":                    {URL: with("stranger:wrong"), Username: "friend", Password: password},
		"the password beside the user's": {URL: with("friend"), Password: password},
	} {
		if c := cloneOf(t, s); c.err != nil || c.commit != r.Head() {
			t.Errorf("%s: %v", what, c.err)
		}
		if s.Where() != r.URL {
			t.Errorf("%s: it is shown as %s", what, s.Where())
		}
	}
}

func TestATokenAloneIsAPassword(t *testing.T) {
	r := gittest.StartServer(t, gittest.Options{User: "git", Password: "token-4711"}).Repo("site", nil)
	if c := cloneOf(t, Spec{URL: r.URL, Password: "token-4711"}); c.err != nil {
		t.Error(c.err)
	}
}

func TestWrongCredentialsAreToldApartFromNone(t *testing.T) {
	r := gittest.StartServer(t, gittest.Options{User: "friend", Password: password}).Repo("site", nil)
	cloneOf(t, Spec{URL: r.URL}).failed(t, ErrUnauthorized, "cannot clone "+r.URL+":", "wants a user and password, or there is no such repository")
	wrong := cloneOf(t, Spec{URL: r.URL, Username: "friend", Password: "wrong-hush"})
	wrong.failed(t, ErrUnauthorized, "cannot clone "+r.URL+":", "does not take the user and password")
	if strings.Contains(wrong.err.Error(), "hush") { // which the server repeats
		t.Error(wrong.err)
	}
}

func TestWhatServersRepeatOfCredentialsIsNotTold(t *testing.T) {
	basic := base64.StdEncoding.EncodeToString([]byte("friend-of-ours:" + password))
	said := fmt.Sprintf("no %s, %s, %s, friend-of-ours, Basic %s", password, "hush%2Fhush%204711", "hush%2Fhush+4711", basic)
	check := func(what, text string) {
		t.Helper()
		for _, secret := range []string{"hush", "4711", "friend-of", basic[8:20]} {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells %q: %q", what, secret, text)
			}
		}
	}
	for _, status := range []int{302, 400, 401, 403, 404, 429, 500, 503} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "http://friend-of-ours:hush%2Fhush%204711@hush.invalid/"+r.Header.Get("Authorization"))
			w.WriteHeader(status)
			fmt.Fprint(w, said)
		}))
		c := cloneOf(t, Spec{URL: s.URL + "/site", Username: "friend-of-ours", Password: password})
		s.Close()
		if c.err == nil {
			t.Errorf("%d is a clone", status)
			continue
		}
		check(fmt.Sprint(status), strings.ReplaceAll(c.err.Error(), "hush.invalid", ""))
	}
	url := hostile(t, func(w *sender) {
		for _, part := range []string{"remote ", "hush/", "hush 47", "11 and\r", said, "\nhush/hush 4711"} {
			w.band(2, part)
		}
		w.band(3, "refused: "+said)
	})
	c := cloneOf(t, Spec{URL: url, Username: "friend-of-ours", Password: password})
	c.failed(t, ErrRemote, "refused")
	check("the error", c.err.Error())
	check("the progress", c.progress)
	if !strings.HasPrefix(c.progress, "remote *** and\rno ***") {
		t.Errorf("%q", c.progress)
	}
}
