package docker

import (
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
)

// scripted builds with an engine that answers what no real one does on demand.
func scripted(t *testing.T, h *heard, s BuildSpec, answer http.HandlerFunc) (Built, error) {
	t.Helper()
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		if strings.HasSuffix(r.URL.Path, "/build") {
			_, _ = io.Copy(io.Discard, r.Body)
			answer(w, r)
		}
	})
	s.Inline = "FROM base\nRUN a\nRUN b"
	return engineOn(t, os.Getenv("DOCKER_HOST")).Build(t.Context(), s, h)
}

func saying(messages string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, messages) }
}

const someImage = "sha256:fe45738ba840fe45738ba840fe45738ba840fe45738ba840fe45738ba840fe45"

func TestABuildWithoutAnImageAtItsEndHasFailed(t *testing.T) {
	for name, messages := range map[string]string{
		"nothing":           "",
		"in a step":         `{"stream":"Step 1/3 : FROM base"}{"stream":"\n"}`,
		"after a stage":     `{"stream":"Step 1/3 : FROM base"}{"aux":{"ID":"` + someImage + `"}}{"stream":"Step 2/3 : FROM base"}`,
		"a step's own word": `{"aux":{"ID":"` + someImage + `"}}{"stream":"Successfully built wheel"}`,
		"in a message":      `{"stream":"Step 1/`,
	} {
		if _, err := scripted(t, &heard{}, BuildSpec{}, saying(messages)); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "daemon_lost") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatAStepPrintsIsNotTakenForTheBuildersWords(t *testing.T) {
	var h heard
	b, err := scripted(t, &h, BuildSpec{}, saying(`{"stream":"Step 1/3 : FROM base"}{"stream":"\n"}{"stream":"Step 3/3 : x\n"}`+
		`{"stream":"Step 2/3 : RUN a"}{"stream":"\n"}{"stream":"Step 3/9 : x\n"}{"stream":"Step 1/3 : x\n"}{"stream":"\u001b[91mSuccessfully built nothing\n\u001b[0m"}{"errorDetail":{"message":"no\nmore"}}`))
	if !errors.Is(err, ErrBuild) || err.Error() != "no more" || b.StepsCompleted != 1 {
		t.Errorf("%+v, %v", b, err)
	}
	if said := printed(t, &h, "stderr"); !slices.Equal(said, []string{"Successfully built nothing", "no more"}) {
		t.Errorf("%q", said)
	}
}

func TestTheRequestWithItsArgumentsIsInNoError(t *testing.T) {
	_, err := scripted(t, &heard{}, BuildSpec{Args: map[string]string{"TOKEN": "hush/hush"}}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	if err == nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "TOKEN") {
		t.Error(err)
	}
}

func TestABuildThatTheEngineIsTooOldForIsNotAskedFor(t *testing.T) {
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Api-Version", "1.24") })
	e := engineOn(t, os.Getenv("DOCKER_HOST"))
	if _, err := e.Build(t.Context(), BuildSpec{Inline: "FROM base", Platform: "linux"}, nil); err == nil || !strings.Contains(err.Error(), "requires API version 1.32") {
		t.Error(err)
	}
}

func TestTheEnginesSilenceInTheMiddleOfALineShowsIt(t *testing.T) {
	var h heard
	asked := make(chan struct{})
	h.each = func(kind, data string) {
		if kind == "line" && strings.Contains(data, `"Continue? ","part":1`) {
			close(asked)
		}
	}
	_, err := scripted(t, &h, BuildSpec{}, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"stream":"Continue? "}`)
		w.(http.Flusher).Flush()
		<-asked
		_, _ = io.WriteString(w, `{"stream":"yes\n"}{"aux":{"ID":"`+someImage+`"}}{"stream":"Successfully built fe45738ba840\n"}`)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheBaseImagesOfABuildAreOneProgressWithIt(t *testing.T) {
	layer := func(id, status, detail string) string {
		return `{"status":"` + status + `","id":"` + id + `","progressDetail":{` + detail + `}}`
	}
	pull := func(id string) string {
		return `{"status":"Pulling from base","id":"latest"}` + layer(id, "Pulling fs layer", "") + layer(id, "Downloading", `"current":50,"total":100`) +
			layer(id, "Download complete", "") + layer(id, "Extracting", `"current":50,"total":100`) + layer(id, "Pull complete", "")
	}
	var h heard
	_, err := scripted(t, &h, BuildSpec{}, saying(`{"stream":"Step 1/2 : FROM base"}`+pull("aaa")+`{"stream":"Step 2/2 : FROM base"}`+pull("bbb")+
		`{"aux":{"ID":"`+someImage+`"}}{"stream":"Successfully built fe45738ba840\n"}`))
	if err != nil {
		t.Fatal(err)
	}
	if out := printed(t, &h, "stdout"); !slices.Contains(out, "aaa: Pull complete") || !slices.Contains(out, "latest: Pulling from base") || strings.Contains(strings.Join(out, "\n"), "Downloading") {
		t.Errorf("%q", out)
	}
	if last := h.last(t); last.Percent != 100 || last.Current != last.Total || last.Total < 200 {
		t.Errorf("%+v", last)
	}
}

func TestABuildPullsItsBaseWithTheCredentialsOfALogin(t *testing.T) {
	e := builder(t)
	r := dockertest.StartRegistry(t)
	name := r.Host + "/" + dockertest.Name("base") + ":1"
	makeImage(t, dockertest.Engine(t), name, 2<<20, 1000)
	if _, err := e.Login(t.Context(), Login{Registry: r.Host, Username: r.User, Password: r.Password}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Push(t.Context(), name, nil); err != nil {
		t.Fatal(err)
	}
	forget(t, dockertest.Engine(t), name)
	stranger := engineOn(t, dockertest.Engine(t))
	if _, err := stranger.Build(t.Context(), BuildSpec{Inline: "FROM " + name}, nil); !errors.Is(err, ErrBuild) {
		t.Error(err)
	}
	var h heard
	made(t, e, BuildSpec{Inline: "FROM " + name + "\nLABEL a=b"}, &h)
	if out := strings.Join(printed(t, &h, "stdout"), "\n"); !strings.Contains(out, ": Pull complete") || strings.Contains(h.all(), r.Password) {
		t.Error(out)
	}
	if last := h.last(t); last.Percent != 100 || last.Total < 2<<20 {
		t.Errorf("%+v", last)
	}
}
