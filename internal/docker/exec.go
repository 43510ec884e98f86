package docker

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/docker/docker/api/types"
	containertypes "github.com/docker/docker/api/types/container"
)

// Exec is one run of a command in a container. It is started once, then read to
// its end with Next, while Write and Resize speak to it; these may be called from
// another goroutine each, and Close and Stop from any.
type Exec struct {
	engine    *Engine
	spec      ExecSpec
	container Container
	id        string // the engine's, of this run
	mark      string // a variable that the command and what it starts have in their environment

	conn   types.HijackedResponse
	frames *frames // nil for a terminal's stream, which is raw
	buf    []byte
}

// NewExec prepares a command; nothing runs yet. The error's kind is ErrInvalid for
// a field of spec, ErrNotFound for the container, ErrConflict where it does not
// run or is paused, or ErrUnavailable.
func (e *Engine) NewExec(ctx context.Context, spec ExecSpec) (*Exec, error) {
	x := &Exec{engine: e, spec: spec}
	if !spec.RunsOn {
		x.mark = newMark()
	}
	options, err := spec.options(x.mark)
	if err != nil {
		return nil, err
	}
	const tried = "cannot run a command in container"
	if x.container, err = e.running(ctx, tried, spec.Container); err != nil {
		return nil, err
	}
	made, err := e.api().ContainerExecCreate(ctx, x.container.ID, options)
	if err != nil {
		return nil, e.explain(ctx, tried+" "+x.container.Name, err)
	}
	x.id = made.ID
	return x, nil
}

// Container is the one in which the command runs, as it was before.
func (x *Exec) Container() Container { return x.container }

// Start starts the command. That it does not exist shows as docker itself shows
// it: in its output, and as exit code 126 or 127.
func (x *Exec) Start(ctx context.Context) error {
	conn, err := x.attach(ctx)
	if err != nil {
		return x.engine.explain(ctx, "cannot start a command in container "+x.container.Name, err)
	}
	x.conn = conn
	if x.spec.TTY {
		x.buf = make([]byte, 32<<10)
	} else {
		x.frames = newFrames(conn.Reader)
	}
	return nil
}

// start is Start for those who would wait for ever.
func (x *Exec) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	return x.Start(ctx)
}

// startTime is how long an engine may take to say that it starts a command.
const startTime = 30 * time.Second

// attach is the SDK's, but for an engine that hangs: that is left alone when ctx
// ends, which the SDK does not look at once it is connected.
func (x *Exec) attach(ctx context.Context) (types.HijackedResponse, error) {
	type answer struct {
		conn types.HijackedResponse
		err  error
	}
	answers := make(chan answer)
	go func() {
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a.err = errors.New("the connection to the engine panicked")
			}
			select {
			case answers <- a:
			case <-ctx.Done():
				if a.conn.Conn != nil {
					a.conn.Close()
				}
			}
		}()
		a.conn, a.err = x.engine.api().ContainerExecAttach(ctx, x.id, containertypes.ExecAttachOptions{Tty: x.spec.TTY, ConsoleSize: x.spec.size()})
	}()
	select {
	case a := <-answers:
		return a.conn, a.err
	case <-ctx.Done():
		return types.HijackedResponse{}, ctx.Err()
	}
}

// Next is the next piece of output, "stdout" or "stderr", valid until the call
// after; a terminal has stdout alone. At the end it is io.EOF, which the command's
// last child may bring, or an engine that goes: only [Exec.Wait] tells.
func (x *Exec) Next() (stream string, p []byte, err error) {
	if x.frames != nil {
		return x.frames.next()
	}
	n, err := x.conn.Reader.Read(x.buf)
	if n > 0 {
		return "stdout", x.buf[:n], nil
	}
	return "", nil, err
}

// Write is the command's input. It waits while the command does not read.
func (x *Exec) Write(p []byte) (int, error) { return x.conn.Conn.Write(p) }

// CloseInput ends the command's input. A terminal's input has no end but what is
// typed, control-D.
func (x *Exec) CloseInput() error { return x.conn.CloseWrite() }

// Resize sets the terminal's size. A command that has just been started may not
// have one yet, so it tries for a while.
func (x *Exec) Resize(ctx context.Context, cols, rows uint) (err error) {
	for wait := 5 * time.Millisecond; wait < time.Second; wait *= 2 {
		if err = x.engine.api().ContainerExecResize(ctx, x.id, containertypes.ResizeOptions{Width: cols, Height: rows}); err == nil {
			return nil
		}
		if !pause(ctx, wait) {
			break
		}
	}
	return x.engine.explain(ctx, "cannot resize the terminal", err)
}

// Wait waits for the command's end and is its exit code, also of one that has
// closed its output long before.
func (x *Exec) Wait(ctx context.Context) (exitCode int, err error) {
	tried := "cannot learn how the command in container " + x.container.Name + " ended"
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		state, err := x.engine.api().ContainerExecInspect(ctx, x.id)
		switch {
		case kindOf(err) == ErrNotFound:
			return 0, x.forgotten(ctx, tried)
		case err != nil:
			return 0, x.engine.explain(ctx, tried, err)
		case !state.Running:
			return state.ExitCode, nil
		case !pause(ctx, wait):
			return 0, x.engine.explain(ctx, tried, ctx.Err())
		}
	}
}

// forgotten is why the engine does not know a command any more.
func (x *Exec) forgotten(ctx context.Context, tried string) error {
	if _, err := x.engine.api().ContainerInspect(ctx, x.container.ID); err != nil {
		return x.engine.explain(ctx, tried, err)
	}
	return fail(ErrUnavailable, "%s: the Docker engine has restarted meanwhile", tried)
}

// Close lets go of the command, which runs on if it has not ended.
func (x *Exec) Close() {
	if x.conn.Conn != nil {
		x.conn.Close()
	}
}

// pause is false when ctx has ended.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Exec is NewExec and Run.
func (e *Engine) Exec(ctx context.Context, spec ExecSpec, out func(stream string, p []byte)) (exitCode int, err error) {
	x, err := e.NewExec(ctx, spec)
	if err != nil {
		return 0, err
	}
	return x.Run(ctx, out)
}

// Run runs the command to its end and is its exit code. out gets its output as it
// comes, from one goroutine, the bytes valid only during the call. When ctx ends,
// so does the command, by TERM and five seconds later KILL, unless its spec says
// that it runs on; the error then is ctx's cause, or says that the command may
// still run.
func (x *Exec) Run(ctx context.Context, out func(stream string, p []byte)) (exitCode int, err error) {
	if err := x.start(ctx); err != nil {
		return 0, err
	}
	defer x.Close()
	ended := x.endWith(ctx)
	for err == nil {
		var stream string
		var p []byte
		if stream, p, err = x.Next(); err == nil {
			out(stream, p)
		}
	}
	if err != io.EOF {
		err = x.engine.explain(ctx, "cannot read what the command in container "+x.container.Name+" says", err)
	} else {
		exitCode, err = x.Wait(ctx)
	}
	if gone, cut := ended(); cut && !gone {
		return 0, fail(nil, "the command may still run in container %s", x.container.Name)
	} else if cut {
		return 0, context.Cause(ctx)
	}
	return exitCode, err
}
