package git

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"hub/internal/mask"
)

// clone is one run of [Clone].
type clone struct {
	spec     Spec
	from     address
	meter    *meter
	secrets  mask.Set
	progress *scrubber
}

// Clone clones what s says, and gives the whole id of the commit. What the server
// says of its progress goes to progress, in whole lines, without credentials, and
// with "\r" where a line is to be redrawn; it may be nil, and must not block.
func Clone(ctx context.Context, s Spec, progress io.Writer) (commit string, err error) {
	if err := s.Check(); err != nil {
		return "", err
	}
	from, err := s.parse()
	if err != nil {
		return "", err
	}
	ctx, cancel := s.within(ctx, from)
	defer cancel()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	c := &clone{spec: s, from: from, meter: &meter{ctx: ctx, end: end, from: from, most: s.limit()}}
	c.secrets.Add(from.secrets...)
	c.progress = &scrubber{secrets: &c.secrets, meter: c.meter, to: progress}
	type outcome struct {
		commit string
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		commit, err := c.guarded(ctx)
		done <- outcome{commit, err}
	}()
	select {
	case o := <-done:
		commit, err = o.commit, o.err
	case <-ctx.Done():
		select { // most end of themselves; go-git waits for an ssh server whatever happens
		case <-done:
		case <-time.After(time.Second / 2):
		}
	}
	if err == nil && ctx.Err() == nil {
		c.progress.flush()
		return commit, nil
	}
	err = c.explain(ctx, err)
	end(nil) // nobody gets past the meter any more
	c.meter.settle()
	c.progress.flush()
	return "", err
}

// guarded makes an error of a panic in go-git: what it reads is made by others.
func (c *clone) guarded(ctx context.Context) (commit string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the repository cannot be read: %v", p)
		}
	}()
	hash, err := c.run(c.meter.with(ctx))
	return hash.String(), err
}

func (c *clone) run(ctx context.Context) (plumbing.Hash, error) {
	for _, folder := range []string{c.spec.Kept, c.spec.Files} {
		if err := empty(folder); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	find := c.remote
	if c.from.folder != "" {
		find = c.local
	}
	repository, found, err := find(ctx)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return c.checkout(repository, found)
}

// empty makes a folder, or sees that there is nothing in it that would be lost.
func empty(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err == nil && len(entries) > 0 {
		return fail(ErrDisk, "cannot clone into %s: it is not empty", folder)
	}
	return err
}
