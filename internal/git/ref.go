package git

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// checkRef takes what can name a branch, a tag or a commit.
func checkRef(ref string) error {
	if ref == "" {
		return nil
	}
	name := plumbing.ReferenceName(ref)
	if !strings.HasPrefix(ref, "refs/") {
		name = plumbing.NewBranchReferenceName(ref)
	}
	if err := name.Validate(); err != nil || strings.HasPrefix(ref, "-") {
		return invalid(fieldRef, "cannot use %q as a ref: it must be a branch, a tag or a whole commit id", ref)
	}
	return nil
}

// choose is the name of what a ref stands for, by the names of git itself: a branch
// before a tag, and a commit by a name where it has one. Where it has none it is
// its own.
func choose(ref string, offered []*plumbing.Reference) (name string, ok bool) {
	if ref == "" {
		return plumbing.HEAD.String(), true
	}
	names := []string{ref, "refs/heads/" + ref, "refs/tags/" + ref}
	if !strings.HasPrefix(ref, "refs/") {
		names = names[1:]
	}
	for _, name := range names {
		for _, r := range offered {
			if r.Name().String() == name || r.Type() == plumbing.HashReference && r.Hash().String() == ref {
				return r.Name().String(), true
			}
		}
	}
	return ref, plumbing.IsHash(ref)
}

// noSuchRef is the error of a ref that the repository has not.
func (c *clone) noSuchRef() *Error {
	if c.spec.Ref == "" {
		return c.noCommits()
	}
	return fail(ErrNotFound, "%s has no branch, tag or commit %s", c.from, c.spec.Ref).of(fieldRef)
}

func (c *clone) noCommits() *Error {
	return fail(ErrNotFound, "cannot clone %s: it has no commits on its default branch; push some, or name a ref", c.from).of(fieldURL)
}
