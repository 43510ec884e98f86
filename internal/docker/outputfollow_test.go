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

func TestTheOutputOfAContainerIsFollowedFromItsStartToItsEnd(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{Command: []string{"sh", "-c", "echo one; echo oh no >&2; until test -e /go; do sleep 0.05; done; echo two; printf three"}})
	var h heard
	h.each = func(_, data string) {
		if strings.Contains(data, `"oh no"`) {
			if _, err := r.e.Exec(t.Context(), ExecSpec{Container: c.ID, Cmd: []string{"touch", "/go"}}, func(string, []byte) {}); err != nil {
				t.Error(err)
			}
		}
	}
	if err := r.e.FollowOutput(t.Context(), c.Name, &h); err != nil {
		t.Fatal(err)
	}
	if out := printed(t, &h, "stdout"); !slices.Equal(out, []string{"one", "two", "three"}) {
		t.Errorf("stdout is %q", out)
	}
	if said := printed(t, &h, "stderr"); !slices.Equal(said, []string{"oh no"}) {
		t.Errorf("stderr is %q", said)
	}
	var again heard
	if err := r.e.FollowOutput(t.Context(), c.ID, &again); err != nil || len(printed(t, &again, "stdout")) != 3 {
		t.Errorf("of one that has ended: %v, %s", err, again.all())
	}
}

func TestFollowingOutputEndsWithItsContext(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{Command: []string{"sh", "-c", "echo one; sleep 1000"}})
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	h := &heard{each: func(string, string) { cancel(errEnough) }}
	if err := r.e.FollowOutput(ctx, c.ID, h); err != errEnough {
		t.Error(err)
	}
	if out := printed(t, h, "stdout"); !slices.Equal(out, []string{"one"}) {
		t.Errorf("%q", out)
	}
	if c, err := r.e.Container(t.Context(), c.ID); err != nil || c.Status != "running" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestOutputThatCannotBeFollowedIsSaidWithItsKind(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{LogDriver: "none"})
	isError(t, "a log that keeps nothing", r.e.FollowOutput(t.Context(), c.ID, &heard{}), ErrUnsupported, "")
	isError(t, "no container", r.e.FollowOutput(t.Context(), dockertest.Name("none"), &heard{}), ErrNotFound, "")
}

func TestTheOutputOfATerminalIsOfOneStream(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	made, err := r.e.api().ContainerCreate(t.Context(), &containertypes.Config{
		Image: r.image, Tty: true, Cmd: []string{"sh", "-c", "echo one; echo two >&2"}}, nil, nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	r.removeAfter(made.ID)
	if _, err := r.e.Start(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	var h heard
	if err := r.e.FollowOutput(ctx, made.ID, &h); err != nil {
		t.Fatal(err)
	}
	if out := printed(t, &h, "stdout"); !slices.Equal(out, []string{"one", "two"}) {
		t.Errorf("%q", out)
	}
}
