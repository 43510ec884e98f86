package docker

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/registry"

	"hub/internal/docker/dockertest"
)

func TestALoginOfOneCallIsUsedAndNotRemembered(t *testing.T) {
	t.Parallel()
	host, r := dockertest.Engine(t), dockertest.StartRegistry(t)
	e := engineOn(t, host)
	name := r.Host + "/" + dockertest.Name("site") + ":latest"
	makeImage(t, host, name, 1000)
	right := &Login{Registry: r.Host, Username: r.User, Password: r.Password}

	if answer, err := e.CheckLogin(t.Context(), *right); err != nil || answer.Status != "Login Succeeded" {
		t.Errorf("%+v, %v", answer, err)
	}
	if _, known, err := e.KnowsRegistry(r.Host); known || err != nil {
		t.Errorf("a login that was only looked at is known: %v", err)
	}
	_, err := e.Push(t.Context(), name, nil)
	refused(t, err, ErrUnauthorized, "log in to the registry first")

	pushed, err := e.PushWith(t.Context(), PushSpec{Ref: name, Login: right}, nil)
	if err != nil || pushed.Ref != name || pushed.Digest == "" {
		t.Errorf("%+v, %v", pushed, err)
	}
	_, err = e.Push(t.Context(), name, nil)
	refused(t, err, ErrUnauthorized)

	forget(t, host, name)
	if pulled, err := e.Pull(t.Context(), PullSpec{Ref: name, Login: right}, nil); err != nil || pulled.Digest != pushed.Digest {
		t.Errorf("%+v, %v", pulled, err)
	}
	_, err = e.Pull(t.Context(), PullSpec{Ref: name}, nil)
	refused(t, err, ErrUnauthorized)
}

func TestAWrongLoginOfOneCallFailsAloneAndIsNotTold(t *testing.T) {
	t.Parallel()
	host, r := dockertest.Engine(t), dockertest.StartRegistry(t)
	e := engineOn(t, host)
	login(t, e, r)
	name := r.Host + "/" + dockertest.Name("site") + ":latest"
	makeImage(t, host, name, 1000)
	wrong := &Login{Registry: r.Host, Username: r.User, Password: "wrong horse"}

	_, err := e.CheckLogin(t.Context(), *wrong)
	refused(t, err, ErrUnauthorized, "cannot log in to "+r.Host)
	_, pushErr := e.PushWith(t.Context(), PushSpec{Ref: name, Login: wrong}, nil)
	refused(t, pushErr, ErrUnauthorized)
	_, pullErr := e.Pull(t.Context(), PullSpec{Ref: name, Login: wrong}, nil)
	refused(t, pullErr, ErrUnauthorized)
	if said := fmt.Sprintf("%#v %#v %#v", err, pushErr, pullErr); strings.Contains(said, "wrong horse") {
		t.Error(said)
	}
	if _, err := e.Push(t.Context(), name, nil); err != nil {
		t.Errorf("what is known is so no more: %v", err)
	}
	_, err = e.PushWith(t.Context(), PushSpec{Ref: name, Login: &Login{Registry: "no registry"}}, nil)
	isError(t, "a login of no registry", err, ErrInvalid, "registry")
}

// A real engine does not show what it was sent.
func TestALoginOfOneCallIsForItsRegistryAndTakenOutOfWhatIsSaid(t *testing.T) {
	const password = "s3cret horse"
	sent := make(chan string, 9)
	echo := func(w http.ResponseWriter, encoded string) {
		auth, _ := registry.DecodeAuthConfig(encoded)
		sent <- auth.Username
		basic := base64.StdEncoding.EncodeToString([]byte(auth.Username + ":" + auth.Password))
		fmt.Fprintf(w, `{"status":"with %s"}`+"\n"+`{"errorDetail":{"message":"denied: %s Basic %s"}}`, auth.Password, auth.Password, basic)
	}
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		switch {
		case strings.HasSuffix(r.URL.Path, "/push"), strings.HasSuffix(r.URL.Path, "/images/create"):
			echo(w, r.Header.Get(registry.AuthHeader))
		case strings.HasSuffix(r.URL.Path, "/json"):
			_, _ = w.Write([]byte(`{}`))
		}
	})
	e := engineOn(t, "")
	e.credentials.remember("two.example", credential{username: "known", password: newSecret("another horse")})
	mine := &Login{Registry: "https://one.example/v2/", Username: "mine", Password: password}
	for ref, who := range map[string]string{"one.example/site": "mine", "two.example/site": "known", "site": ""} {
		var h heard
		_, pushErr := e.PushWith(t.Context(), PushSpec{Ref: ref, Login: mine}, &h)
		refused(t, pushErr, ErrForbidden)
		_, pullErr := e.Pull(t.Context(), PullSpec{Ref: ref, Login: mine}, &h)
		refused(t, pullErr, ErrForbidden)
		if push, pull := <-sent, <-sent; push != who || pull != who {
			t.Errorf("%s was asked for as %q and %q, want %q", ref, push, pull, who)
		}
		if said := h.all() + pushErr.Error() + pullErr.Error(); strings.Contains(said, "horse") || strings.Contains(said, "Basic bW") {
			t.Error(said)
		} else if who != "" && !strings.Contains(said, "with ***") {
			t.Errorf("the line is lost: %s", said)
		}
	}
}

func TestWhatARegistryWouldBeSentIsKnown(t *testing.T) {
	e := engineOn(t, "unix:///nowhere.sock")
	helper(t, "three", "echo broken; exit 1")
	helper(t, "four", `echo '{"Username":"<token>","Secret":"t0ken"}'`)
	dockerConfig(t, `{"auths":{"one.example":{"auth":"dTpw"}},"credHelpers":{"three.example":"three","four.example":"four"}}`)
	e.credentials.remember("two.example:5000", credential{username: "me", password: newSecret("mine")})
	for asked, want := range map[string]struct {
		username string
		known    bool
	}{
		"one.example": {"u", true}, "https://two.example:5000/v2/": {"me", true}, "four.example": {"", true},
		"five.example": {"", false}, "docker.io": {"", false}, "": {"", false},
	} {
		if username, known, err := e.KnowsRegistry(asked); username != want.username || known != want.known || err != nil {
			t.Errorf("%q: %q, %v, %v", asked, username, known, err)
		}
	}
	_, known, err := e.KnowsRegistry("three.example")
	isError(t, "a helper that fails", err, ErrUnauthorized, "")
	_, _, err = e.KnowsRegistry("no registry")
	isError(t, "no registry", err, ErrInvalid, "registry")
	if known {
		t.Error("a helper that fails knows it")
	}
}
