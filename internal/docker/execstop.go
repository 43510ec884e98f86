package docker

import (
	"context"
	"crypto/rand"
	"io"
	"time"
)

const (
	// execGrace is how long a command has between TERM, or HUP, and KILL.
	execGrace = 5 * time.Second
	// stopTime bounds all that is done to stop one.
	stopTime = 20 * time.Second
)

// newMark is a variable that no other command has in its environment.
func newMark() string { return "HUB_EXEC=" + rand.Text() }

// signalScript sends signal $2 to each process of the container that has $1 in its
// environment, once for each word of $3: one that is killed may have started another
// a moment before. The engine's API can start a command and cannot end one; the
// process's number that it tells is the host's, and of no use in the container or
// from afar. A shell beside it needs no more rights than the command had.
const signalScript = `for n in $3; do for p in /proc/[0-9]*; do tr "\0" "\n" <"$p/environ" | grep -qx "$1" && kill -s "$2" "${p#/proc/}"; done; done 2>/dev/null; true`

// Stop ends the command and what it has started, as far as that has kept its
// environment: by the signal, such as TERM, and five seconds later by KILL. gone
// is whether the command itself has ended. A container without sh, tr, grep or
// /proc, or one that is paused, keeps it.
func (x *Exec) Stop(signal string) (gone bool) {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if !x.running(ctx) {
		return true
	}
	if !x.signal(ctx, signal) {
		return x.endsWithin(ctx, time.Second)
	}
	gone = x.endsWithin(ctx, execGrace)
	if gone && signal == hangUp {
		return true // what was started with nohup is meant to stay
	}
	x.signal(ctx, "KILL")
	return gone || x.endsWithin(ctx, execGrace)
}

// hangUp is the signal that a terminal's command gets when nobody is there any more.
const hangUp = "HUP"

// HangUp is Stop for a terminal whose user has left.
func (x *Exec) HangUp() (gone bool) { return x.Stop(hangUp) }

// signal reports whether the signal could be sent.
func (x *Exec) signal(ctx context.Context, signal string) bool {
	times := "1"
	if signal == "KILL" {
		times = "1 2 3"
	}
	spec := ExecSpec{User: x.spec.User, Cmd: []string{"/bin/sh", "-c", signalScript, "sh", x.mark, signal, times}}
	options, _ := spec.options("")
	made, err := x.engine.api().ContainerExecCreate(ctx, x.container.ID, options)
	if err != nil {
		return false
	}
	shell := &Exec{engine: x.engine, spec: spec, container: x.container, id: made.ID}
	if err := shell.Start(ctx); err != nil {
		return false
	}
	defer shell.Close()
	defer context.AfterFunc(ctx, shell.Close)()
	for err == nil {
		_, _, err = shell.Next()
	}
	exitCode, ended := shell.Wait(ctx)
	return err == io.EOF && ended == nil && exitCode == 0
}

// running reports whether the command runs, as far as the engine can tell.
func (x *Exec) running(ctx context.Context) bool {
	state, err := x.engine.api().ContainerExecInspect(ctx, x.id)
	return err == nil && state.Running || err != nil && kindOf(err) != ErrNotFound
}

// endsWithin waits for the command's end.
func (x *Exec) endsWithin(ctx context.Context, d time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	for wait := 10 * time.Millisecond; x.running(ctx); wait = min(2*wait, 200*time.Millisecond) {
		if !pause(ctx, wait) {
			return false
		}
	}
	return true
}

// endWith makes the command end when ctx does, in a goroutine that ended waits
// for: cut is whether ctx has ended first, gone whether the command has then.
func (x *Exec) endWith(ctx context.Context) (ended func() (gone, cut bool)) {
	stopped := make(chan bool, 1)
	unhook := context.AfterFunc(ctx, func() {
		gone := x.spec.RunsOn
		defer func() {
			_ = recover() // what panics has stopped nothing, which gone tells
			x.Close()
			stopped <- gone
		}()
		gone = gone || x.Stop("TERM")
	})
	return func() (gone, cut bool) {
		if unhook() {
			return true, false
		}
		return <-stopped, true
	}
}
