package docker

import (
	"slices"
	"testing"

	"hub/internal/docker/dockertest"
)

func TestAnImagesIDIsThatOfItsNameOrNone(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	e := engineOn(t, host)
	name := dockertest.Name("hub-test/id") + ":one"
	want := makeImage(t, host, name, 1000)
	for _, given := range []string{name, want, want[:20]} {
		if id, ok, err := e.ImageID(t.Context(), given); id != want || !ok || err != nil {
			t.Errorf("%s: %s, %v, %v", given, id, ok, err)
		}
	}
	for _, given := range []string{name + "2", "sha256:" + "0123456789"} {
		if id, ok, err := e.ImageID(t.Context(), given); id != "" || ok || err != nil {
			t.Errorf("%s: %s, %v, %v", given, id, ok, err)
		}
	}
	_, _, err := e.ImageID(t.Context(), "No Name")
	isError(t, "no name", err, ErrInvalid, "name")
	_, _, err = engineOn(t, "tcp://127.0.0.1:1").ImageID(t.Context(), name)
	isError(t, "an engine that is away", err, ErrUnavailable, "")
}

func TestANameIsTakenAwayAndTheOthersStay(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	e := engineOn(t, host)
	repo := dockertest.Name("hub-test/untag")
	id := makeImage(t, host, repo+":one", 1000)
	if _, err := e.Tag(t.Context(), id, repo, "two"); err != nil {
		t.Fatal(err)
	}
	has := func(name string) bool {
		_, ok, err := e.ImageID(t.Context(), name)
		return ok && err == nil
	}
	for range 2 { // the second finds none, which is as good
		if err := e.Untag(t.Context(), repo+":one"); err != nil {
			t.Error(err)
		}
	}
	if has(repo+":one") || !has(repo+":two") {
		t.Error("not that one name was taken away")
	}
	for _, given := range []string{id, id[len("sha256:"):], "no name", ""} {
		isError(t, given, e.Untag(t.Context(), given), ErrInvalid, "name")
	}
	if err := e.Untag(t.Context(), id[:20]); err != nil || !has(id) { // which reads as a name with a tag
		t.Errorf("an image went by its id: %v", err)
	}

	user := dockertest.Name("user")
	containerOf(t, host, repo+":two", user, false)
	refused(t, e.Untag(t.Context(), repo+":two"), ErrConflict, "cannot remove image "+repo+":two", user)
	if !has(repo + ":two") {
		t.Error("the last name of an image in use was taken away")
	}
	if _, err := e.Remove(t.Context(), user, false, false); err != nil {
		t.Fatal(err)
	}
	if err := e.Untag(t.Context(), repo+":two"); err != nil || has(id) {
		t.Errorf("the image is left without a name: %v", err)
	}
}

func TestNamesOfImagesAreFoundByHowTheyBegin(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	e := engineOn(t, host)
	prefix := dockertest.Name("hub-test/kept")
	id := makeImage(t, host, prefix+"/b:1", 1000)
	for _, tag := range []string{"2", "10"} {
		if _, err := e.Tag(t.Context(), id, prefix+"/a", tag); err != nil {
			t.Fatal(err)
		}
	}
	names, err := e.ImageNames(t.Context(), prefix+"/")
	if want := []string{prefix + "/a:10", prefix + "/a:2", prefix + "/b:1"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("%q, %v", names, err)
	}
	if names, err := e.ImageNames(t.Context(), prefix+"/c"); err != nil || names == nil || len(names) != 0 {
		t.Errorf("%q, %v", names, err)
	}
	if err := e.Untag(t.Context(), prefix+"/a:2"); err != nil {
		t.Error(err)
	}
	_ = e.Untag(t.Context(), prefix+"/a:10")
}
