package docker

import (
	"archive/tar"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
)

// errPutEnded is what a write meets when the engine has answered already.
var errPutEnded = errors.New("the engine has answered")

// unpacking is a tar on its way to an engine, which unpacks it while it comes.
type unpacking struct {
	late  func() // gives up an engine that does not go on
	place place
	tar   *tar.Writer
	out   *bufio.Writer
	pipe  *io.PipeWriter
	ended chan error // the engine's answer, once
}

func (p place) unpack(ctx context.Context) *unpacking {
	ctx, end := context.WithCancelCause(ctx)
	late := func() { end(fail(ErrUnavailable, "%s: the Docker engine does not go on", p.tried)) }
	r, w := io.Pipe()
	out := bufio.NewWriterSize(&impatientWriter{w, fileStall, late}, 64<<10)
	u := &unpacking{late, p, tar.NewWriter(out), out, w, make(chan error, 1)}
	go func() {
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("a panic: %v", p)
			}
			u.ended <- p.explain(ctx, err)
			r.CloseWithError(errPutEnded)
			end(nil)
		}()
		// The SDK must not close r, or a write would meet that in place of errPutEnded.
		err = p.e.api().CopyToContainer(ctx, p.container.ID, p.real, struct{ io.Reader }{r}, containertypes.CopyToContainerOptions{})
	}()
	return u
}

// header begins an entry. An error that is none of ours is of an entry that no
// tar can hold.
func (u *unpacking) header(head *tar.Header) error { return u.why(u.tar.WriteHeader(head)) }

// content sends the entry's, and says how many bytes it had. Errors of in come
// back as they are.
func (u *unpacking) content(in io.Reader) (int64, error) {
	n, err := io.Copy(u.tar, in)
	return n, u.why(err)
}

// finish ends the tar and waits for the answer.
func (u *unpacking) finish() error {
	if err := errors.Join(u.tar.Close(), u.out.Flush(), u.pipe.Close()); err != nil {
		return u.why(err)
	}
	defer time.AfterFunc(fileStall, u.late).Stop()
	return <-u.ended
}

// abort has the engine stop where it is.
func (u *unpacking) abort() {
	_ = u.pipe.CloseWithError(errors.New("the upload was given up"))
	<-u.ended
}

// why is the engine's answer where that is what made a write fail, else err.
func (u *unpacking) why(err error) error {
	if !errors.Is(err, errPutEnded) {
		return err
	}
	answer := <-u.ended
	u.ended <- answer // for abort
	if answer == nil {
		answer = fail(ErrUnavailable, "%s: the Docker engine was done too early", u.place.tried)
	}
	return answer
}
