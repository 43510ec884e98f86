package task

import "errors"

// What can be wrong with a call. Each is wrapped by an error that names the task; test with errors.Is.
var (
	ErrBadID      = errors.New("bad task id")                               // not of the grammar of ids
	ErrBadCommand = errors.New("cannot run command")                        // its cmd, cwd or env cannot be used
	ErrBadHead    = errors.New("bad head")                                  // not a JSON object, or over 32 KiB
	ErrRunning    = errors.New("a task of this id is queued or running")    // a conflict
	ErrFull       = errors.New("the queue of tasks is full")                // try again later
	ErrClosed     = errors.New("the hub is shutting down")                  // no new tasks
	ErrNotFound   = errors.New("no such task")                              // or already forgotten
	ErrOnce       = errors.New("it cannot be run again")                    // its Spec says no Again
	ErrEnded      = errors.New("the task has ended")                        // nothing follows an end event
	ErrReserved   = errors.New("an end event is published by the registry") // once for each run
)

// Why a task's context was cancelled; context.Cause tells a Run which it was.
var (
	errCancelled   = errors.New("cancelled")
	errInterrupted = errors.New("interrupted: the hub is shutting down")
)
