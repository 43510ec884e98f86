package docker

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

// containersOf are those, of every state, whose command has a mark in it.
func containersOf(t *testing.T, host, mark string) (ids []string) {
	t.Helper()
	all, err := dockertest.Client(t, host).ContainerList(t.Context(), containertypes.ListOptions{All: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if strings.Contains(c.Command, mark) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// sleeping is a build with a step that does not end, and what happens once it runs.
func sleeping(mark string, then func()) (BuildSpec, *heard) {
	var once sync.Once
	h := &heard{each: func(kind, data string) {
		if kind == "line" && strings.Contains(data, `"now `+mark) {
			once.Do(func() { go then() })
		}
	}}
	return BuildSpec{Inline: "FROM " + dockertest.Base + "\nRUN echo now " + mark + "; i=0; while sleep 0.05; do echo $i; i=$((i+1)); done"}, h
}

func TestACancelledBuildEndsInTheEngineAndSaysNothingMore(t *testing.T) {
	e := builder(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	reason, mark := errors.New("cancelled by somebody"), dockertest.Name("mark")
	s, h := sleeping(mark, func() { cancel(reason) })
	b, err := e.Build(ctx, s, h)
	if err != reason || b.StepsCompleted != 1 {
		t.Errorf("%+v, %v", b, err)
	}
	said := len(h.of("line"))
	deadline := time.Now().Add(5 * time.Second)
	for len(containersOf(t, dockertest.Engine(t), mark)) > 0 {
		if time.Now().After(deadline) {
			t.Fatal("the step still has its container")
		}
		time.Sleep(50 * time.Millisecond)
	}
	if len(h.of("line")) != said {
		t.Error("lines came after the end")
	}
}

func TestABuildIsCancelledWhileItsContextIsSent(t *testing.T) {
	e := builder(t)
	top := bigContext(t, 1<<30)
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("cancelled by somebody")
	h := &heard{each: func(kind, _ string) {
		if kind == "progress" {
			cancel(reason)
		}
	}}
	if _, err := e.Build(ctx, BuildSpec{Folder: top}, h); err != reason {
		t.Error(err)
	}
}

func TestAnEngineThatGoesAwayDuringABuildIsSaidToBeLost(t *testing.T) {
	t.Parallel()
	d := dockertest.StartEngine(t)
	dockertest.ImageOn(t, d.Host)
	lost := func(t *testing.T, err error) {
		t.Helper()
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "daemon_lost") {
			t.Error(err)
		}
		if err := d.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for name, end := range map[string]func(){"killed in a step": d.Kill, "stopped in a step": d.Stop} {
		t.Run(name, func(t *testing.T) {
			mark := dockertest.Name("mark")
			ended := make(chan time.Time, 1)
			s, h := sleeping(mark, func() { end(); ended <- time.Now() })
			_, err := engineOn(t, d.Host).Build(t.Context(), s, h)
			noticed := time.Now()
			if late := noticed.Sub(<-ended); late > 5*time.Second {
				t.Errorf("it was noticed %v later", late)
			}
			if out := printed(t, h, "stdout"); !slices.Contains(out, "now "+mark) {
				t.Errorf("the lines before are not there: %q", out)
			}
			lost(t, err)
		})
	}
	t.Run("killed while the context is sent", func(t *testing.T) {
		top := bigContext(t, 2<<30)
		killed := make(chan struct{})
		var once sync.Once
		h := &heard{each: func(kind, _ string) {
			if kind == "progress" {
				once.Do(func() { go func() { d.Kill(); close(killed) }() })
			}
		}}
		_, err := engineOn(t, d.Host).Build(t.Context(), BuildSpec{Folder: top}, h)
		<-killed
		lost(t, err)
	})
}
