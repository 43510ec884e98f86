package task_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hub/internal/task"
)

// run runs a command to its end, as task "a".
func run(t *testing.T, c task.Command) (*recorder, task.Snapshot) {
	t.Helper()
	p, r := startCommand(t, c)
	select {
	case <-r.Done():
	case <-time.After(20 * time.Second):
		t.Fatalf("no end; events %q", p.of("a"))
	}
	return p, r.Snapshot()
}

func startCommand(t *testing.T, c task.Command) (*recorder, *commandTask) {
	t.Helper()
	spec, err := c.Spec()
	if err != nil {
		t.Fatal(err)
	}
	p := &recorder{}
	r := task.New(task.Options{Publisher: p})
	t.Cleanup(func() { r.Close(t.Context()) })
	spec.ID = "a"
	k, err := r.Start(spec)
	if err != nil {
		t.Fatal(err)
	}
	return p, &commandTask{k, r}
}

type commandTask struct {
	*task.Task
	registry *task.Registry
}

// lines are the events without the first status and the end.
func linesOf(p *recorder) []string {
	all := p.of("a")
	return all[1 : len(all)-1]
}

func TestACommandSaysItsLinesAndItsExitCode(t *testing.T) {
	dir := t.TempDir()
	p, s := run(t, task.Command{Cmd: `echo "$X"; pwd; printf 'no newline'; exit 4`, Cwd: dir, Env: map[string]string{"X": "secret & <b>"}})
	p.is(t, "a",
		`status {"task":"generic_task","status":"running","cmd":"echo \"$X\"; pwd; printf 'no newline'; exit 4","cwd":"`+dir+`"}`,
		`line {"stream":"stdout","line":"secret & <b>"}`,
		`line {"stream":"stdout","line":"`+dir+`"}`,
		`line {"stream":"stdout","line":"no newline"}`,
		`end {"status":"completed","exit_code":4,"result":{"exit_code":4}}`)
	if s.Status != task.Completed || *s.ExitCode != 4 || s.Type != "generic_task" {
		t.Errorf("%+v", s)
	}
}

func TestBothOutputsAreToldApart(t *testing.T) {
	p, _ := run(t, task.Command{Cmd: "echo out; echo err >&2"})
	got := strings.Join(linesOf(p), " ")
	for _, want := range []string{`{"stream":"stdout","line":"out"}`, `{"stream":"stderr","line":"err"}`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}

func TestLinesAreLiveAndSoIsAnUnfinishedOne(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "go")
	p, k := startCommand(t, task.Command{Cmd: `mkfifo go; echo first; printf 'Continue? '; read answer < go; echo "$answer"`, Cwd: filepath.Dir(fifo)})
	p.waitFor(t, "a", `line {"stream":"stdout","line":"first"}`)
	p.waitFor(t, "a", `line {"stream":"stdout","line":"Continue? ","part":1}`)
	if err := os.WriteFile(fifo, []byte("yes\n"), 0); err != nil {
		t.Fatal(err)
	}
	<-k.Done()
	if got := linesOf(p); got[len(got)-1] != `line {"stream":"stdout","line":"yes","part":2,"last":true}` {
		t.Errorf("%q", got)
	}
}

func TestAProgressBarIsShownAndEndsAsALine(t *testing.T) {
	p, _ := run(t, task.Command{Cmd: `printf '10%%\r20%%\r30%%\n'`})
	if got := linesOf(p); len(got) != 2 || got[1] != `line {"stream":"stdout","line":"30%"}` {
		t.Errorf("%q", got)
	}
}

func TestAMillionBytesWithoutNewlineArriveWhole(t *testing.T) {
	p, _ := run(t, task.Command{Cmd: `head -c 1000000 /dev/zero | tr '\0' x`})
	n := 0
	for _, e := range linesOf(p) {
		n += strings.Count(e, "x")
	}
	if n != 1_000_000 {
		t.Errorf("%d bytes in %d events", n, len(linesOf(p)))
	}
}

func TestACommandHasLittleOfTheHubsEnvironment(t *testing.T) {
	t.Setenv("HUB_TOKEN", "s3cret")
	t.Setenv("DOCKERHUB_PASSWORD", "s3cret")
	t.Setenv("ANYTHING_ELSE", "s3cret")
	t.Setenv("LC_TIME", "C")
	t.Setenv("HOME", "/home/of/hub")
	p, _ := run(t, task.Command{Cmd: "env; cat; echo input was empty", Env: map[string]string{"MINE": "a b", "TERM": "xterm"}})
	got := strings.Join(linesOf(p), "\n")
	for _, want := range []string{"MINE=a b", "TERM=xterm", "LC_TIME=C", "HOME=/home/of/hub", "PATH=", "input was empty"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Contains(got, "s3cret") {
		t.Errorf("a secret in %s", got)
	}
}

func TestACommandMayBeginWithADash(t *testing.T) {
	if p, s := run(t, task.Command{Cmd: "-x"}); s.Status != task.Completed || *s.ExitCode != 127 {
		t.Errorf("%+v %q", s, p.of("a"))
	}
}

func TestACommandKilledByASignalHasTheCodeOfAShell(t *testing.T) {
	p, s := run(t, task.Command{Cmd: "kill -9 $$"})
	if end := p.of("a")[1]; end != `end {"status":"completed","exit_code":137,"result":{"exit_code":137,"signal":"SIGKILL"}}` || *s.ExitCode != 137 {
		t.Errorf("%s", end)
	}
}

func TestACommandThatCannotBeRunIsRefusedAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o600)
	for _, c := range []struct {
		c    task.Command
		says string
	}{
		{task.Command{Cmd: "true", Cwd: "/no/such/dir"}, "/no/such/dir: no such file or directory"},
		{task.Command{Cmd: "true", Cwd: file}, "is not a directory"},
		{task.Command{Cmd: "tr\x00ue"}, "NUL"},
		{task.Command{Cmd: "true", Env: map[string]string{"A=B": "c"}}, `"A=B"`},
		{task.Command{Cmd: "true", Env: map[string]string{"A": "b\x00"}}, `"A"`},
		{task.Command{Cmd: "true", Env: map[string]string{"": "b"}}, `""`},
	} {
		if _, err := c.c.Spec(); !errors.Is(err, task.ErrBadCommand) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c.c, err)
		}
	}
}

func TestACommandThatCannotStartIsAnError(t *testing.T) {
	long := "true " + strings.Repeat("x", 200_000) // more than the kernel takes as one argument
	p, s := run(t, task.Command{Cmd: long})
	if end := p.of("a")[1]; !strings.Contains(end, `"status":"error"`) || !strings.Contains(s.Error, "cannot start command: ") || s.ExitCode != nil {
		t.Errorf("%s", end)
	}
	if head := p.of("a")[0]; len(head) > 10<<10 {
		t.Errorf("a status event of %d bytes", len(head))
	}
}
