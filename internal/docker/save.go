package docker

import (
	"context"
	"io"

	"github.com/distribution/reference"
)

// Saved is an archive that was written.
type Saved struct {
	Path  string // as asked for
	Bytes int64
}

// CheckSave says what is wrong with what is to be saved: an ErrInvalid of the field
// "repo_tag", or ErrBadInput or ErrForbidden of the path.
func (e *Engine) CheckSave(ref, path string) error {
	if _, err := parseImage("repo_tag", ref); err != nil {
		return err
	}
	file, err := e.hostFile(path)
	if err == nil {
		file.close()
	}
	return err
}

// Save writes an image, by name or id, to a tar file of the host, in the folders
// of [Options].Roots. A file that is there is overwritten, in one step and only by
// a whole archive; what is there and is no file, a link among them, is refused.
// The progress is of its bytes. When ctx ends, or on an error, nothing is left.
func (e *Engine) Save(ctx context.Context, ref, path string, to Publisher) (Saved, error) {
	name, err := parseImage("repo_tag", ref)
	if err != nil {
		return Saved{}, err
	}
	file, err := e.hostFile(path)
	if err != nil {
		return Saved{}, err
	}
	defer file.close()
	tried := "cannot save " + familiar(name)
	image, err := e.api().ImageInspect(ctx, name)
	if err != nil {
		return Saved{}, e.explain(ctx, tried, err)
	}
	s := &saving{expect: image.Size}
	s.report = newReport(to, s.progress)
	s.line("Saving " + familiar(name) + " to " + path)
	err = file.replace(func(w io.Writer) error { return e.save(ctx, name, io.MultiWriter(w, s)) })
	s.end(err == nil)
	if err != nil {
		return Saved{}, e.explain(ctx, tried, err)
	}
	return Saved{path, s.written}, nil
}

func (e *Engine) save(ctx context.Context, name string, w io.Writer) error {
	stream, err := e.api().ImageSave(ctx, []string{name})
	if err != nil {
		return err
	}
	defer stream.Close()
	var end tarEnd
	if _, err := io.Copy(io.MultiWriter(w, &end), engineStream{stream}); err != nil {
		return err
	}
	return end.check()
}

// saving is the progress of a save. How long the archive will be the engine does
// not say; it is a little longer than the image.
type saving struct {
	*report
	expect, written int64
}

// Write implements [io.Writer] and counts.
func (s *saving) Write(p []byte) (int, error) {
	s.change(func() { s.written += int64(len(p)) })
	return len(p), nil
}

func (s *saving) progress() Progress {
	total := max(s.expect, s.written, 1)
	return Progress{Percent: nearly * float64(s.written) / float64(total), Current: s.written, Total: total}
}

// familiar is a name without what goes without saying.
func familiar(image string) string {
	if ref, err := reference.ParseAnyReference(image); err == nil {
		return reference.FamiliarString(ref)
	}
	return image
}
