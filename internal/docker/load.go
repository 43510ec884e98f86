package docker

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/docker/docker/client"
)

// Loaded are the images that an archive held.
type Loaded struct {
	Images []string // ids, sha256:…, each once
	Tags   []string // the names that they were given
}

// CheckLoad says what is wrong with an archive that is to be loaded: ErrBadInput or
// ErrForbidden.
func (e *Engine) CheckLoad(path string) error {
	f, _, err := e.archive(path)
	if err == nil {
		_ = f.Close()
	}
	return err
}

// Load loads the images of a tar file of the host, in the folders of
// [Options].Roots, as Save or the docker command wrote it. It streams to the
// engine, and the progress is of the file's bytes and of what the engine made of
// them. When ctx ends the engine stops. What holds no images is ErrBadInput.
func (e *Engine) Load(ctx context.Context, path string, to Publisher) (Loaded, error) {
	f, size, err := e.archive(path)
	if err != nil {
		return Loaded{}, err
	}
	defer f.Close()
	tried := "cannot load " + path
	l := &loading{size: size, file: f}
	l.report = newReport(to, l.progress)
	l.line("Loading images from " + path)
	loaded, err := e.load(ctx, l)
	l.end(err == nil)
	if err != nil {
		return Loaded{}, explainArchive(e.explain(ctx, tried, err), tried)
	}
	return loaded, nil
}

// archive opens a regular file, and nothing else: a pipe would wait for who writes
// to it.
func (e *Engine) archive(path string) (*os.File, int64, error) {
	folder, name, err := e.o.Roots.File(path)
	if err != nil {
		return nil, 0, err
	}
	defer folder.Close()
	f, err := folder.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, 0, pathError(path, err)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		return f, info.Size(), nil
	}
	_ = f.Close()
	return nil, 0, fail(ErrBadInput, "cannot load %s: it is no regular file", path)
}

func (e *Engine) load(ctx context.Context, l *loading) (Loaded, error) {
	answer, err := e.api().ImageLoad(ctx, l, client.ImageLoadWithQuiet(false))
	if err != nil {
		return Loaded{}, err
	}
	defer answer.Body.Close()
	var names []string
	err = eachMessage(answer.Body, func(m message) {
		names = append(names, loadedNames(m.Stream)...)
		l.say(m)
	})
	switch {
	case err != nil:
		return Loaded{}, err
	case len(names) == 0:
		return Loaded{}, errNoImages
	}
	var loaded Loaded
	for _, name := range names {
		image, err := e.api().ImageInspect(ctx, name)
		if err != nil {
			return Loaded{}, err
		}
		if !slices.Contains(loaded.Images, image.ID) {
			loaded.Images = append(loaded.Images, image.ID)
		}
		if name != image.ID {
			loaded.Tags = append(loaded.Tags, name)
		}
	}
	return loaded, nil
}

// loadedNames are the names or ids in what the engine prints of images it loaded.
func loadedNames(printed string) (names []string) {
	for line := range strings.Lines(printed) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "Loaded image: "); ok {
			names = append(names, name)
		} else if id, ok := strings.CutPrefix(line, "Loaded image ID: "); ok {
			names = append(names, id)
		}
	}
	return names
}

var errNoImages = errors.New("it holds no images")

// explainArchive makes the engine's own failures, apart from a full disk, those of
// the archive, and leaves out where on the engine's disk it found none.
func explainArchive(err error, tried string) error {
	var ours *Error
	if !errors.As(err, &ours) || ours.Kind != nil || strings.Contains(ours.Text, syscall.ENOSPC.Error()) {
		return err
	}
	if strings.Contains(ours.Text, "no such file or directory") {
		return fail(ErrBadInput, "%s: %s", tried, errNoImages)
	}
	return fail(ErrBadInput, "%s", ours.Text)
}

// loading is the progress of a load: half of it is the file, which the engine
// takes first, the other half its layers.
type loading struct {
	layers
	*report
	file       io.Reader
	size, read int64
	percent    float64
}

// Read implements [io.Reader] and counts.
func (l *loading) Read(p []byte) (n int, err error) {
	defer func() { // the SDK reads on a goroutine of its own
		if recover() != nil {
			err = fail(nil, "cannot load the archive: the hub failed")
		}
	}()
	n, err = l.file.Read(p)
	l.change(func() { l.read += int64(n) })
	return n, err
}

func (l *loading) say(m message) {
	if m.Stream != "" {
		l.line(strings.TrimSuffix(m.Stream, "\n"))
	}
	if m.ID != "" {
		l.change(func() { l.take(m) })
	}
}

func (l *loading) progress() Progress {
	p := l.layers.progress()
	size := float64(max(l.size, 1))
	file, made := float64(l.read)/size, float64(p.Current)/max(size, float64(p.Total))
	l.percent = max(l.percent, nearly/2*(min(file, 1)+made)) // layers are larger than a file that is compressed
	p.Percent, p.Current, p.Total = l.percent, l.read, max(l.size, l.read)
	return p
}
