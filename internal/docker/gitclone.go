package docker

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"hub/internal/git"
	"hub/internal/lines"
)

// repository is what a spec's GitURL and Ref are to package git. Folders of the
// host are not for requests to name so: they have Folder, which the roots bound.
func (s BuildSpec) repository() git.Spec { return git.Spec{URL: s.GitURL, Ref: s.Ref} }

// clone fetches one commit of a repository, and opens its files as the context of
// the build. Its folder is temporary: closing it is not enough, see
// [build.removeClone].
func (b *build) clone(ctx context.Context) (*os.Root, error) {
	s := b.spec.repository()
	var err error
	if b.temporary, err = os.MkdirTemp("", "hub-build-"); err != nil {
		return nil, err
	}
	// What git keeps stays outside the files, so that it is no part of the context.
	s.Kept, s.Files = filepath.Join(b.temporary, "git"), filepath.Join(b.temporary, "files")
	b.warn("Cloning " + s.Where())
	progress := lines.NewWriter(func(kind string, data []byte) error {
		_ = b.transfer.to.Publish(kind, data)
		return nil
	}, lines.Options{Stream: "stderr"})
	defer progress.Close()
	if b.built.Commit, err = git.Clone(ctx, s, progress); err != nil {
		return nil, fromGit(err)
	}
	b.warn("Building commit " + b.built.Commit)
	return os.OpenRoot(s.Files)
}

func (b *build) removeClone() {
	if b.temporary != "" {
		_ = os.RemoveAll(b.temporary)
	}
}

// fromGit makes an error of package git one of ours, of our requests' fields. One
// of a context stays.
func fromGit(err error) error {
	var theirs *git.Error
	if !errors.As(err, &theirs) {
		return err
	}
	field := strings.Replace(theirs.Field, "repo_url", "git_url", 1)
	switch {
	case theirs.Kind == git.ErrInvalid, theirs.Kind == git.ErrForbidden, field == "ref":
		return &Error{Kind: ErrInvalid, Field: field, Text: theirs.Text}
	case theirs.Kind == git.ErrDisk:
		return &Error{Text: theirs.Text}
	}
	return &Error{Kind: ErrRegistry, Text: theirs.Text}
}
