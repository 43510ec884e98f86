package docker

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/registry"

	"hub/internal/docker/dockertest"
)

func TestALoginIsVerifiedAndAFailedOneForgetsNothing(t *testing.T) {
	t.Parallel()
	host, r := dockertest.Engine(t), dockertest.StartRegistry(t)
	e := engineOn(t, host)
	name := r.Host + "/" + dockertest.Name("site") + ":latest"
	makeImage(t, host, name, 1000)
	push := func() error {
		_, err := e.Push(t.Context(), name, nil)
		return err
	}
	wrong := Login{Registry: r.Host, Username: r.User, Password: "wrong horse"}

	_, err := e.Login(t.Context(), wrong)
	refused(t, err, ErrUnauthorized, "cannot log in to "+r.Host+": ", "401 Unauthorized")
	if strings.Contains(fmt.Sprintf("%#v", err), "wrong horse") {
		t.Errorf("%#v", err)
	}
	refused(t, push(), ErrUnauthorized)

	answer, err := e.Login(t.Context(), Login{Registry: "http://" + r.Host + "/v2/", Username: r.User, Password: r.Password})
	if err != nil || answer != (LoggedIn{Status: "Login Succeeded"}) {
		t.Fatalf("%+v, %v", answer, err)
	}
	if err := push(); err != nil {
		t.Error(err)
	}
	_, err = e.Login(t.Context(), wrong)
	refused(t, err, ErrUnauthorized)
	if err := push(); err != nil {
		t.Errorf("after a login that failed: %v", err)
	}

	_, err = e.Login(t.Context(), Login{Registry: "no registry", Username: "x", Password: "y"})
	refused(t, err, ErrInvalid)
	r.Stop()
	_, err = e.Login(t.Context(), wrong)
	refused(t, err, ErrRegistry, "connection refused")
}

// A password, however the value that holds it is printed.
func TestAPasswordIsNeverPrinted(t *testing.T) {
	const password = "s3cret horse"
	l := Login{Registry: "registry.example", Username: "builder", Password: password}
	e := &Engine{}
	e.credentials.remember("registry.example", credential{username: "builder", password: newSecret(password)})
	c := e.credentials.all()["registry.example"]
	var out bytes.Buffer
	for _, v := range []any{l, &l, []Login{l}, struct{ L Login }{l}, c, &c, &e.credentials, e, c.password, struct{ s secret }{c.password}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		if encoded, err := json.Marshal(v); err == nil {
			out.Write(encoded)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "value", v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "value", v)
	}
	for _, spelling := range []string{password, fmt.Sprintf("%x", password)} {
		if strings.Contains(out.String(), spelling) {
			t.Errorf("%q is in:\n%s", spelling, out.String())
		}
	}
	if !strings.Contains(out.String(), "builder at registry.example") {
		t.Error("a login does not say whose it is")
	}
}

// What an engine or a registry has in its words of what it was sent; a real one
// does not do so.
func TestAPasswordThatIsEchoedIsTakenOut(t *testing.T) {
	const password = `p"ss  w/rd+1`
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/auth") {
			var sent registry.AuthConfig
			_ = json.NewDecoder(r.Body).Decode(&sent)
			w.WriteHeader(http.StatusInternalServerError)
			_ = json.NewEncoder(w).Encode(map[string]string{"message": fmt.Sprintf(
				"401 Unauthorized: %s %q https://x/?p=p%%22ss++w%%2Frd%%2B1 Basic YnVpbGRlcjpwInNzICB3L3JkKzE=", sent.Password, sent.Password)})
		}
	})
	e := engineOn(t, "")
	_, err := e.Login(t.Context(), Login{Registry: "registry.example", Username: "builder", Password: password})
	refused(t, err, ErrUnauthorized)
	for _, piece := range []string{"ss", "YnVp", "rd"} {
		if strings.Contains(err.Error(), piece) {
			t.Errorf("%q is in: %v", piece, err)
		}
	}
}

func TestAShortPasswordIsTakenOutAsAWord(t *testing.T) {
	c := credential{username: "x", password: newSecret("abc")}
	if got := c.scrub("abc abcd xabc (abc) abc"); got != "*** abcd xabc (***) ***" {
		t.Error(got)
	}
}

// Real registries give a token to a browser's login only.
func TestAnIdentityTokenIsUsedInsteadOfThePassword(t *testing.T) {
	sent := make(chan string, 1)
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		switch {
		case strings.HasSuffix(r.URL.Path, "/auth"):
			_, _ = w.Write([]byte(`{"Status":"Login Succeeded","IdentityToken":"t0ken-of-mine"}`))
		case strings.HasSuffix(r.URL.Path, "/images/create"):
			sent <- r.Header.Get(registry.AuthHeader)
			_, _ = w.Write([]byte(`{"errorDetail":{"message":"denied: bad t0ken-of-mine"}}`))
		}
	})
	e := engineOn(t, "")
	answer, err := e.Login(t.Context(), Login{Username: "builder", Password: "s3cret horse"})
	if err != nil || answer.IdentityToken != "t0ken-of-mine" {
		t.Fatalf("%+v, %v", answer, err)
	}
	_, err = e.Pull(t.Context(), PullSpec{Ref: "nginx"}, nil)
	if !errors.Is(err, ErrForbidden) || strings.Contains(err.Error(), "t0ken") {
		t.Error(err)
	}
	got, err := registry.DecodeAuthConfig(<-sent)
	want := registry.AuthConfig{Username: "builder", IdentityToken: "t0ken-of-mine", ServerAddress: "https://index.docker.io/v1/"}
	if err != nil || *got != want {
		t.Errorf("%+v, %v", got, err)
	}
}
