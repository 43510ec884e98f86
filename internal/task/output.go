package task

import (
	"context"
	"os"
	"time"

	"hub/internal/lines"
)

// quiet is the silence after which a command's unfinished line is shown as a part.
const quiet = 200 * time.Millisecond

// output is what a command writes: two pipes, each with a goroutine that makes its bytes the task's events.
type output struct{ stdout, stderr *stream }

// stream is one pipe. The command writes in, the hub reads out.
type stream struct {
	in, out *os.File
	done    chan struct{} // everybody has closed in, or close was called
}

func newOutput(t *Task) (*output, error) {
	stdout, err := newStream(t, "stdout")
	if err != nil {
		return nil, err
	}
	stderr, err := newStream(t, "stderr")
	if err != nil {
		stdout.close()
		return nil, err
	}
	return &output{stdout: stdout, stderr: stderr}, nil
}

func newStream(t *Task, name string) (*stream, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s := &stream{in, out, make(chan struct{})}
	go s.read(t, name)
	return s, nil
}

// read publishes until the pipe's end. An event that cannot be published is the task's to log, and no reason to stop a command.
func (s *stream) read(t *Task, name string) {
	defer close(s.done)
	defer guard(t)
	w := lines.NewWriter(func(kind string, data []byte) error {
		t.Publish(kind, data)
		return nil
	}, lines.Options{Stream: name, Quiet: quiet})
	defer w.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := s.out.Read(buffer)
		w.Write(buffer[:n])
		if err != nil { // the end, or the deadline that close sets
			return
		}
	}
}

// started closes the hub's copies of the ends that the command now has.
func (o *output) started() {
	o.stdout.in.Close()
	o.stderr.in.Close()
}

// wait returns when nobody can write any more and all was read, when the grace is over, or when ctx ends.
func (o *output) wait(ctx context.Context, grace time.Duration) {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	for _, s := range []*stream{o.stdout, o.stderr} {
		select {
		case <-s.done:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// close ends both streams, with their last lines published. It may be called again.
func (o *output) close() {
	o.stdout.close()
	o.stderr.close()
}

func (s *stream) close() {
	s.in.Close()
	s.out.SetReadDeadline(time.Now())
	<-s.done
	s.out.Close()
}
