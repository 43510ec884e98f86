package docker

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

// sleeper is a container that runs and does nothing, on an engine.
type sleeper struct {
	t    testing.TB
	e    *Engine
	name string
}

func startSleeper(t testing.TB, host string) *sleeper {
	t.Helper()
	e, err := New(Options{Host: host})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	x := &sleeper{t, e, dockertest.Name("sleeper")}
	image := dockertest.ImageOn(t, host)
	made, err := e.api().ContainerCreate(t.Context(), &containertypes.Config{Image: image, Cmd: []string{"sleep", "1000"}}, nil, nil, nil, x.name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = e.api().ContainerRemove(context.Background(), made.ID, containertypes.RemoveOptions{Force: true})
	})
	if err := e.api().ContainerStart(t.Context(), made.ID, containertypes.StartOptions{}); err != nil {
		t.Fatal(err)
	}
	return x
}

// run runs a command and is its output, the pieces of stderr in brackets.
func (x *sleeper) run(spec ExecSpec) (string, int, error) {
	x.t.Helper()
	if spec.Container == "" {
		spec.Container = x.name
	}
	var said strings.Builder
	code, err := x.e.Exec(x.t.Context(), spec, func(stream string, p []byte) {
		if stream == "stderr" {
			said.WriteString("[" + string(p) + "]")
		} else {
			said.Write(p)
		}
	})
	return said.String(), code, err
}

// processes is how many of the container's processes have the words in their command line.
func (x *sleeper) processes(words string) (n int) {
	x.t.Helper()
	top, err := x.e.api().ContainerTop(x.t.Context(), x.name, nil)
	if err != nil {
		x.t.Fatal(err)
	}
	for _, p := range top.Processes {
		if strings.Contains(strings.Join(p, " "), words) {
			n++
		}
	}
	return n
}

func await(t testing.TB, within time.Duration, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}

func TestACommandSaysWhatItSaysAndHowItEnded(t *testing.T) {
	t.Parallel()
	x := startSleeper(t, dockertest.Engine(t))
	for name, c := range map[string]struct {
		spec ExecSpec
		said string
		code int
	}{
		"both outputs":    {ExecSpec{Cmd: []string{"sh", "-c", "echo out; sleep .2; echo err >&2; exit 4"}}, "out\n[err\n]", 4},
		"nothing":         {ExecSpec{Cmd: []string{"true"}}, "", 0},
		"words as given":  {ExecSpec{Cmd: []string{"echo", "a  b", "$HOME", ";", "*"}}, "a  b $HOME ; *\n", 0},
		"environment":     {ExecSpec{Cmd: []string{"sh", "-c", "echo $A-$B"}, Env: map[string]string{"A": "x = y", "B": ""}}, "x = y-\n", 0},
		"folder and user": {ExecSpec{Cmd: []string{"sh", "-c", "pwd; id -u"}, Workdir: "/tmp", User: "1234:5"}, "/tmp\n1234\n", 0},
		"bytes":           {ExecSpec{Cmd: []string{"printf", `\000\377\r`}}, "\x00\xff\r", 0},
		"a terminal":      {ExecSpec{Cmd: []string{"sh", "-c", "stty size; tty >&2"}, TTY: true, Cols: 101, Rows: 7}, "", 0},
		"an empty input":  {ExecSpec{Cmd: []string{"cat"}}, "", 0},
		"killed":          {ExecSpec{Cmd: []string{"sh", "-c", "kill -9 $$"}}, "", 137},
		"output closed":   {ExecSpec{Cmd: []string{"sh", "-c", "exec >&- 2>&-; sleep .5; exit 9"}}, "", 9},
	} {
		t.Run(name, func(t *testing.T) {
			said, code, err := x.run(c.spec)
			if c.spec.TTY {
				if !strings.HasSuffix(said, "/dev/pts/0\r\n") {
					t.Errorf("%q", said)
				}
				said = ""
			}
			if said != c.said || code != c.code || err != nil {
				t.Errorf("%q, %d, %v; want %q, %d", said, code, err, c.said, c.code)
			}
		})
	}
}

func TestAProgramThatCannotRunIsAnExitCode(t *testing.T) {
	t.Parallel()
	x := startSleeper(t, dockertest.Engine(t))
	for _, cmd := range []string{"no-such-program", "/etc"} {
		said, code, err := x.run(ExecSpec{Cmd: []string{cmd}})
		if err != nil || code != 126 && code != 127 || !strings.Contains(said, cmd) {
			t.Errorf("%s: %q, %d, %v", cmd, said, code, err)
		}
	}
}

func TestWhatCannotBeRunIsSaidWithItsKind(t *testing.T) {
	t.Parallel()
	x := startSleeper(t, dockertest.Engine(t))
	cmd := []string{"true"}
	for name, c := range map[string]struct {
		spec  ExecSpec
		kind  error
		field string
	}{
		"no container":    {ExecSpec{Container: "no-such-container", Cmd: cmd}, ErrNotFound, ""},
		"a path":          {ExecSpec{Container: "../images/json", Cmd: cmd}, ErrNotFound, ""},
		"no command":      {ExecSpec{}, ErrInvalid, "cmd"},
		"an empty one":    {ExecSpec{Cmd: []string{""}}, ErrInvalid, "cmd"},
		"NUL":             {ExecSpec{Cmd: []string{"a\x00b"}}, ErrInvalid, "cmd"},
		"a relative path": {ExecSpec{Cmd: cmd, Workdir: "tmp"}, ErrInvalid, "workdir"},
		"a bad variable":  {ExecSpec{Cmd: cmd, Env: map[string]string{"A=B": ""}}, ErrInvalid, "env"},
	} {
		_, _, err := x.run(c.spec)
		var ours *Error
		if !errors.Is(err, c.kind) || !errors.As(err, &ours) || ours.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := x.e.api().ContainerPause(t.Context(), x.name); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.run(ExecSpec{Cmd: cmd}); !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "paused") {
		t.Errorf("paused: %v", err)
	}
	now := 0
	if err := x.e.api().ContainerStop(t.Context(), x.name, containertypes.StopOptions{Timeout: &now}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.run(ExecSpec{Cmd: cmd}); !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "not run") {
		t.Errorf("stopped: %v", err)
	}
}

// A real engine seldom says that a command runs whose output has ended, but it may.
func TestTheExitCodeIsThatOfACommandThatHasEnded(t *testing.T) {
	asked := 0
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/exec/x/json") {
			asked++
			fmt.Fprintf(w, `{"ID":"x","Running":%v,"ExitCode":%d}`, asked < 4, asked)
		}
	})
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	x := &Exec{engine: e, id: "x"}
	if code, err := x.Wait(t.Context()); code != 4 || err != nil {
		t.Errorf("exit code %d, %v", code, err)
	}
}
