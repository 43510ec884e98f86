package docker

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

// containerOf makes a container of an image, and removes it after the test.
func containerOf(t *testing.T, host, image, name string, runs bool) {
	t.Helper()
	api := dockertest.Client(t, host)
	_, err := api.ContainerCreate(t.Context(), &containertypes.Config{Image: image, Cmd: []string{"sleep", "300"}}, nil, nil, nil, name)
	if err == nil && runs {
		err = api.ContainerStart(t.Context(), name, containertypes.StartOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = api.ContainerRemove(context.Background(), name, containertypes.RemoveOptions{Force: true})
	})
}

// named finds an image in the list.
func named(t *testing.T, e *Engine, id string) (found Image, at int) {
	t.Helper()
	images, err := e.Images(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, image := range images {
		if i > 0 && image.Created.After(images[i-1].Created) {
			t.Errorf("%s of %v comes after %v", image.ID, image.Created, images[i-1].Created)
		}
		if image.ID == id {
			found, at = image, i
		}
	}
	if found.ID == "" {
		t.Fatalf("there is no %s in %+v", id, images)
	}
	return found, at
}

func TestImagesAreListedNewestFirstAlsoThoseWithoutAName(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	e := engineOn(t, host)
	name := dockertest.Name("hub-test/listed") + ":one"
	older := makeImage(t, host, name, 100_000)
	containerOf(t, host, name, dockertest.Name("listed"), false)

	image, _ := named(t, e, older)
	if !slices.Equal(image.Tags, []string{name}) || image.Digests == nil || image.Size < 100_000 || image.Containers != 1 ||
		time.Since(image.Created) > time.Hour || time.Since(image.Created) < -time.Minute {
		t.Errorf("%+v", image)
	}
	time.Sleep(time.Until(image.Created.Add(1100 * time.Millisecond))) // the engine's times are whole seconds
	newer := makeImage(t, host, name, 200_000)                         // which takes the name
	t.Cleanup(func() { forget(t, host, older) })
	image, at := named(t, e, older)
	if image.Tags == nil || len(image.Tags) != 0 {
		t.Errorf("%+v", image)
	}
	if _, before := named(t, e, newer); before >= at {
		t.Errorf("the newer is at %d, the older at %d", before, at)
	}
}

func TestATagIsAnotherName(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	e := engineOn(t, host)
	name, other := dockertest.Name("hub-test/tagged"), dockertest.Name("hub-test/other")
	id := makeImage(t, host, name, 1000)
	for _, c := range []struct{ source, repo, tag, target string }{
		{name, other, "", other + ":latest"},
		{id, other, "two", other + ":two"},
		{id[7:19], other + ":three", "", other + ":three"},
		{name + ":latest", "registry.example:5000/" + other, "four", "registry.example:5000/" + other + ":four"},
	} {
		target, err := e.Tag(t.Context(), c.source, c.repo, c.tag)
		if err != nil || target != c.target {
			t.Errorf("%+v: %q, %v", c, target, err)
		}
		if image, _ := named(t, e, id); !slices.Contains(image.Tags, c.target) {
			t.Errorf("%q is not among %q", c.target, image.Tags)
		}
	}
	for field, c := range map[string][3]string{
		"source": {"Not A Name", other, ""}, "repo": {name, "Not A Name", ""}, "tag": {name, other, "a b"},
	} {
		_, err := e.Tag(t.Context(), c[0], c[1], c[2])
		refused(t, err, ErrInvalid)
		if err.(*Error).Field != field {
			t.Errorf("%v names %q, want %q", err, err.(*Error).Field, field)
		}
	}
	_, err := e.Tag(t.Context(), name, other+":x", "y")
	refused(t, err, ErrInvalid, "already")
	_, err = e.Tag(t.Context(), dockertest.Name("none"), other, "")
	refused(t, err, ErrNotFound)
}

func TestAnImageThatIsUsedIsNotRemovedAndTheErrorSaysByWhom(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	e := engineOn(t, host)
	base := dockertest.Image(t)
	// Images of their own, so that no other test's container is in the way.
	name := dockertest.Name("hub-test/used")
	stopped, running := dockertest.Name("stopped"), dockertest.Name("running")
	id := makeImage(t, host, name, 1000)
	containerOf(t, host, name, stopped, false)
	err := e.RemoveImage(t.Context(), name, false)
	refused(t, err, ErrConflict, "cannot remove image "+name+": it is used by container "+stopped+" (created)", "use force")
	err = e.RemoveImage(t.Context(), id, false)
	refused(t, err, ErrConflict, stopped)
	if err := e.RemoveImage(t.Context(), name, true); err != nil {
		t.Error(err)
	}
	refused(t, e.RemoveImage(t.Context(), name, true), ErrNotFound)

	alive := dockertest.Name("hub-test/alive") + ":latest"
	if err := derive(t, host, base, alive); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { forget(t, host, alive) })
	containerOf(t, host, alive, running, true)
	for _, force := range []bool{false, true} {
		image := alive
		if force {
			found, err := e.api().ImageInspect(t.Context(), alive)
			if err != nil {
				t.Fatal(err)
			}
			image = found.ID // of a name force takes only that
		}
		err = e.RemoveImage(t.Context(), image, force)
		refused(t, err, ErrConflict, "it is used by container "+running+" (running)", "stop and remove")
		if strings.Contains(err.Error(), "force") {
			t.Errorf("%v, which does not help", err)
		}
	}
}

func TestANameIsTakenAwayAndWithTheLastTheImage(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	e := engineOn(t, host)
	name := dockertest.Name("hub-test/removed") + ":one"
	id := makeImage(t, host, name, 1000)
	second, err := e.Tag(t.Context(), name, "hub-test/"+dockertest.Name("second"), "")
	if err != nil {
		t.Fatal(err)
	}
	refused(t, e.RemoveImage(t.Context(), id, false), ErrConflict, "referenced in multiple repositories")
	if err := e.RemoveImage(t.Context(), name, false); err != nil {
		t.Error(err)
	}
	if image, _ := named(t, e, id); !slices.Equal(image.Tags, []string{second}) {
		t.Errorf("%q", image.Tags)
	}
	if err := e.RemoveImage(t.Context(), id[7:19], false); err != nil {
		t.Error(err)
	}
	refused(t, e.RemoveImage(t.Context(), id, false), ErrNotFound)
	for _, bad := range []string{"", "../containers/x", "a?force=1", "%2e%2e", "A B"} {
		refused(t, e.RemoveImage(t.Context(), bad, true), ErrInvalid)
	}
}
