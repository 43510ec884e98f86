package docker

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOfAPullItsStepsAreLinesAndMovingWordsAreNot(t *testing.T) {
	h := &heard{}
	tr := newTransfer(h, credential{})
	if err := tr.follow(recording(t, "pull"), func(message) {}); err != nil {
		t.Fatal(err)
	}
	tr.end(true)
	want := []string{
		"one: Pulling from site",
		"51ce62843deb: Pull complete",
		"185a8538be2e: Pull complete",
		"726099374597: Pull complete",
		"ac639b9cd17d: Pull complete",
		"Digest: sha256:1f779dc81ec93b03dfdc15ada2bddde502ec6261f1988775893a8b36bb9dc80c",
		"Status: Downloaded newer image for registry.example:5000/site:one",
	}
	if diff := cmp.Diff(want, h.lines(t)); diff != "" {
		t.Error(diff)
	}
	if p := h.last(t); p.Percent != 100 || p.Current != 12268357 || p.Total != 12268357 {
		t.Errorf("%+v", p)
	}
}

func TestOfAPushItsStepsAreLinesAndMovingWordsAreNot(t *testing.T) {
	h := &heard{}
	tr := newTransfer(h, credential{})
	if err := tr.follow(recording(t, "shrink"), func(message) {}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"The push refers to repository [site]",
		"aaaaaaaaaaaa: Pushed",
		"bbbbbbbbbbbb: Mounted from library/base",
		"latest: digest: sha256:" + strings.Repeat("0", 64) + " size: 528",
	}
	if diff := cmp.Diff(want, h.lines(t)); diff != "" {
		t.Error(diff)
	}
}

func TestAStreamThatIsNotWholeIsAnError(t *testing.T) {
	whole, _ := io.ReadAll(recording(t, "pull"))
	for name, c := range map[string]struct {
		stream string
		want   string
	}{
		"in the middle":    {string(whole[:500]), "unexpected EOF"},
		"cut off":          {`{"status":"Wait`, "unexpected EOF"},
		"the engine's no":  {`{"status":"Waiting"}` + "\n" + `{"errorDetail":{"message":"no space left on device"},"error":"x"}`, "no space left on device"},
		"a page":           {"<html>", "the engine answered what is no JSON"},
		"without an end":   {`{"status":"` + strings.Repeat("x", 5<<20), errLongMessage.Error()},
		"of another shape": {`{"status":7}`, "cannot unmarshal"},
	} {
		t.Run(name, func(t *testing.T) {
			err := eachMessage(strings.NewReader(c.stream), func(message) {})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func TestARegistrysWordsSayTheKind(t *testing.T) {
	for words, want := range map[string]error{
		"unauthorized: authentication required":                                                                      ErrUnauthorized,
		`Get "http://127.0.0.1:5000/v2/": no basic auth credentials`:                                                 ErrUnauthorized,
		"login attempt to http://127.0.0.1:5000/v2/ failed with status: 401 Unauthorized":                            ErrUnauthorized,
		"denied: requested access to the resource is denied":                                                         ErrForbidden,
		"manifest for site:two not found: manifest unknown: manifest unknown":                                        ErrNotFound,
		`Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused`:                            ErrRegistry,
		"toomanyrequests: You have reached your pull rate limit":                                                     ErrRegistry,
		"received unexpected HTTP status: 503 Service Unavailable":                                                   ErrRegistry,
		"failed to register layer: Error processing tar file(exit status 1): write /a: no space left on device":      nil,
		"open /var/lib/docker/tmp/GetImageBlob: no space left on device":                                             nil,
		`Head "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 127.0.0.53: no such host`: ErrRegistry,
	} {
		if got := registryKind(nil, words); !errors.Is(got, want) {
			t.Errorf("%s: %v, want %v", words, got, want)
		}
	}
	if got := registryKind(ErrNotFound, "pull access denied for x, repository does not exist or may require 'docker login'"); got != ErrForbidden {
		t.Error(got)
	}
	if got := registryKind(ErrNotFound, "manifest for host/unauthorized:two not found"); got != ErrNotFound {
		t.Error(got)
	}
}

func TestAllSpellingsOfARegistryAreOne(t *testing.T) {
	for _, given := range []string{"", "docker.io", "index.docker.io", "https://index.docker.io/v1/", "HTTPS://Index.Docker.IO/v1", "registry-1.docker.io", " docker.io/ "} {
		if host, err := registryHost(given); host != "docker.io" || err != nil {
			t.Errorf("%q: %q, %v", given, host, err)
		}
	}
	for given, want := range map[string]string{
		"http://127.0.0.1:5000/v2/": "127.0.0.1:5000", "Registry.Example:5000": "registry.example:5000",
		"localhost": "localhost", "[::1]:5000": "[::1]:5000", "https://registry.example": "registry.example",
	} {
		if host, err := registryHost(given); host != want || err != nil {
			t.Errorf("%q: %q, %v", given, host, err)
		}
	}
	for _, given := range []string{"my registry", "registry", "user:secret@registry.example", "registry.example:port", "a?b.example", strings.Repeat("x", 300) + ".example:y"} {
		_, err := registryHost(given)
		var ours *Error
		if !errors.As(err, &ours) || ours.Kind != ErrInvalid || ours.Field != "registry" || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", given, err)
		}
	}
}

func TestABadNameNamesTheFieldAndWhatIsWrong(t *testing.T) {
	field := func(err error) string {
		var ours *Error
		if errors.As(err, &ours) && ours.Kind == ErrInvalid {
			return ours.Field
		}
		return ""
	}
	for _, name := range []string{"", "Nginx", "a b", "../x", "a?b", "a%2e", "-x", "x:y:z", "x@sha256:12", strings.Repeat("a/", 200), "x\x00", "\u202e"} {
		if got := field(CheckPush(name)); got != "repo_tag" {
			t.Errorf("%q: %q", name, got)
		}
		if got := field(PullSpec{Ref: name, Field: "image"}.Check()); got != "image" {
			t.Errorf("%q: %q", name, got)
		}
	}
	for spec, want := range map[PullSpec]string{
		{Ref: "x"}:                      "",
		{Ref: "Nginx"}:                  "name",
		{Ref: "x", Tag: "-y"}:           "tag",
		{Ref: "x", Tag: "sha256:12"}:    "tag",
		{Ref: "x:y", Tag: "z"}:          "",
		{Ref: strings.Repeat("0a", 32)}: "name",
	} {
		if got := field(spec.Check()); got != want {
			t.Errorf("%+v: %q, want %q", spec, got, want)
		}
	}
	digest := "sha256:" + strings.Repeat("0", 64)
	if got := field(CheckPush("x@" + digest)); got != "repo_tag" {
		t.Errorf("a digest to push to: %q", got)
	}
	for spec, want := range map[PullSpec]string{
		{Ref: "x"}: "x:latest", {Ref: "x:y"}: "x:y", {Ref: "x:y", Tag: "z"}: "x:z",
		{Ref: "x", Tag: digest}: "x@" + digest, {Ref: "x@" + digest}: "x@" + digest,
	} {
		if ref, err := spec.parse(); err != nil || !slices.Contains([]string{want, "docker.io/library/" + want}, ref.String()) {
			t.Errorf("%+v: %v, %v", spec, ref, err)
		}
	}
}
