package docker

import (
	"io"
	"time"
)

// impatientReader calls giveUp when a read waits for so long.
type impatientReader struct {
	in     io.Reader
	within time.Duration
	giveUp func()
}

func (r *impatientReader) Read(p []byte) (int, error) {
	defer time.AfterFunc(r.within, r.giveUp).Stop()
	return r.in.Read(p)
}

// impatientWriter calls giveUp when a write waits for so long.
type impatientWriter struct {
	out    io.Writer
	within time.Duration
	giveUp func()
}

func (w *impatientWriter) Write(p []byte) (int, error) {
	defer time.AfterFunc(w.within, w.giveUp).Stop()
	return w.out.Write(p)
}
