package docker

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

// begin starts a command whose end the test sees to, and reads its output away.
func (x *sleeper) begin(spec ExecSpec) *Exec {
	x.t.Helper()
	spec.Container = x.name
	run, err := x.e.NewExec(x.t.Context(), spec)
	if err != nil {
		x.t.Fatal(err)
	}
	if err := run.Start(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(run.Close)
	go func() {
		for {
			if _, _, err := run.Next(); err != nil {
				return
			}
		}
	}()
	return run
}

// cancelled runs a command, ends its context once it runs, and is what Exec said.
func (x *sleeper) cancelled(spec ExecSpec, words string) error {
	x.t.Helper()
	ctx, cancel := context.WithCancelCause(x.t.Context())
	defer cancel(nil)
	spec.Container = x.name
	done := make(chan error, 1)
	go func() {
		_, err := x.e.Exec(ctx, spec, func(string, []byte) {})
		done <- err
	}()
	await(x.t, 10*time.Second, words+" runs", func() bool { return x.processes(words) > 0 })
	cancel(errEnough)
	select {
	case err := <-done:
		return err
	case <-time.After(30 * time.Second):
		x.t.Fatal("Exec does not return")
		return nil
	}
}

var errEnough = errors.New("enough")

func TestACancelledCommandEndsInTheContainerWithAllItStarted(t *testing.T) {
	t.Parallel()
	x := startSleeper(t, dockertest.Engine(t))
	for name, spec := range map[string]ExecSpec{
		"a program":             {Cmd: []string{"sleep", "401"}},
		"with children":         {Cmd: []string{"sh", "-c", "sleep 401 & sleep 401 & wait"}},
		"that minds no TERM":    {Cmd: []string{"sh", "-c", `trap "" TERM; while :; do sleep 401; done`}},
		"of another user":       {Cmd: []string{"sleep", "401"}, User: "1234"},
		"with a terminal":       {Cmd: []string{"sh", "-c", "sleep 401; true"}, TTY: true},
		"with its output shut":  {Cmd: []string{"sh", "-c", "exec >&- 2>&-; sleep 401; true"}},
		"that floods meanwhile": {Cmd: []string{"sh", "-c", "sleep 401 & yes"}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := x.cancelled(spec, "401"); err != errEnough {
				t.Errorf("%v, want the context's cause", err)
			}
			if n := x.processes("401"); n > 0 {
				t.Errorf("%d processes live on", n)
			}
		})
	}
	if x.processes("sleep 1000") != 1 {
		t.Error("the container's own process was hit")
	}
}

// A shell whose child comes before it, where their numbers are sorted as words, is
// ended after the child, and has the time to start another.
func TestWhatIsStartedWhileACommandIsEndedEndsToo(t *testing.T) {
	t.Parallel()
	x := startSleeper(t, dockertest.Engine(t))
	script := `trap "" TERM; while : & ! [ "$!" \< "$$" ]; do :; done; while :; do sleep 408; done`
	if err := x.cancelled(ExecSpec{Cmd: []string{"sh", "-c", script}}, "sleep 408"); err != errEnough {
		t.Errorf("%v, want the context's cause", err)
	}
	if n := x.processes("408"); n > 0 {
		t.Errorf("%d processes live on", n)
	}
}

func TestACommandThatCannotBeEndedIsSaidToRun(t *testing.T) {
	t.Parallel()
	x := startSleeper(t, dockertest.Engine(t))
	if _, code, err := x.run(ExecSpec{Cmd: []string{"rm", "/bin/sh"}}); code != 0 || err != nil {
		t.Fatal(code, err)
	}
	err := x.cancelled(ExecSpec{Cmd: []string{"sleep", "402"}}, "402")
	if err == nil || !strings.Contains(err.Error(), "may still run in container "+x.name) {
		t.Error(err)
	}
}

func TestACommandThatIsToRunOnDoes(t *testing.T) {
	t.Parallel()
	x := startSleeper(t, dockertest.Engine(t))
	if err := x.cancelled(ExecSpec{Cmd: []string{"sleep", "403"}, RunsOn: true}, "403"); err != errEnough {
		t.Error(err)
	}
	if x.processes("403") != 1 {
		t.Error("it was ended")
	}
}

func TestAHangUpEndsAShellAndLeavesWhatIsMeantToStay(t *testing.T) {
	t.Parallel()
	x := startSleeper(t, dockertest.Engine(t))
	run := x.begin(ExecSpec{Cmd: []string{"sh"}, TTY: true, Stdin: true})
	if _, err := io.WriteString(run, `(trap "" HUP; exec sleep 404) &`+"\nsleep 405\n"); err != nil {
		t.Fatal(err)
	}
	await(t, 10*time.Second, "the shell works", func() bool { return x.processes("404") > 0 && x.processes("405") > 0 })
	run.Close()
	if !run.HangUp() {
		t.Error("the shell is said to live on")
	}
	await(t, 5*time.Second, "what it ran ends too", func() bool { return x.processes("405") == 0 })
	if x.processes("sleep 404") != 1 {
		t.Error("what minds no HUP, as nohup has it, is gone")
	}
}

func TestAnEngineThatGoesInTheMiddleIsSaid(t *testing.T) {
	t.Parallel()
	engine := dockertest.StartEngine(t)
	x := startSleeper(t, engine.Host)
	done := make(chan error, 1)
	go func() {
		_, err := x.e.Exec(t.Context(), ExecSpec{Container: x.name, Cmd: []string{"sleep", "406"}}, func(string, []byte) {})
		done <- err
	}()
	await(t, 10*time.Second, "it runs", func() bool { return x.processes("406") > 0 })
	engine.Kill()
	if err := <-done; !errors.Is(err, ErrUnavailable) {
		t.Errorf("%v", err)
	}
}

func TestAContainerThatGoesInTheMiddleEndsTheCommand(t *testing.T) {
	t.Parallel()
	x := startSleeper(t, dockertest.Engine(t))
	done := make(chan int, 1)
	go func() {
		_, code, err := x.run(ExecSpec{Cmd: []string{"sleep", "407"}})
		if err != nil {
			t.Error(err)
		}
		done <- code
	}()
	await(t, 10*time.Second, "it runs", func() bool { return x.processes("407") > 0 })
	if err := x.e.api().ContainerKill(t.Context(), x.name, "KILL"); err != nil {
		t.Fatal(err)
	}
	if code := <-done; code != 137 {
		t.Errorf("exit code %d", code)
	}
}

func TestAnEngineThatHangsIsLeftWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	engine := dockertest.StartEngine(t)
	x := startSleeper(t, engine.Host)
	run, err := x.e.NewExec(t.Context(), ExecSpec{Container: x.name, Cmd: []string{"true"}})
	if err != nil {
		t.Fatal(err)
	}
	goOn := engine.Hang()
	defer goOn()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := run.Start(ctx); !errors.Is(err, ErrUnavailable) || os.IsTimeout(err) {
		t.Errorf("%v", err)
	}
}
