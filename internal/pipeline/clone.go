package pipeline

import (
	"context"
	"errors"

	"hub/internal/docker"
	"hub/internal/git"
	"hub/internal/lines"
)

// Clone fetches one commit of a repository into the run's workspace, which it replaces.
type Clone struct {
	RepoURL  string // http, https or ssh; a folder of the host where the hub's configuration allows it
	Ref      string // a branch, a tag or a whole commit id; "" is the default branch
	Username string // over those in RepoURL
	Password string
}

// Kind is "clone".
func (Clone) Kind() string { return "clone" }

func (s Clone) check([]Stage) error { return s.checkIn(everywhere) }

// checkIn is check where folders of the host may be cloned that lie in those.
func (s Clone) checkIn(local git.LocalRoots) error { return fromGit(s.spec(local).Check()) }

// everywhere is for questions whose answer is not whether a folder may be cloned.
var everywhere = git.LocalRoots{"/"}

func (s Clone) spec(local git.LocalRoots) git.Spec {
	return git.Spec{URL: s.RepoURL, Ref: s.Ref, Username: s.Username, Password: s.Password, Local: local}
}

// secrets are what opens the repository.
func (s Clone) secrets() []string { return s.spec(nil).Secrets() }

func (s Clone) about(*run) facts {
	f := facts{"repo_url": s.spec(everywhere).Where()}
	if s.Ref != "" {
		f["ref"] = s.Ref
	}
	return f
}

func (s Clone) do(ctx context.Context, r *run) (facts, error) {
	w, err := r.newWorkspace()
	if err != nil {
		return nil, err
	}
	spec := s.spec(r.o.LocalRepos)
	spec.Kept, spec.Files = w.git(), w.files()
	progress := lines.NewWriter(r.Publish, lines.Options{Stream: "stderr"})
	commit, err := git.Clone(ctx, spec, progress)
	_ = progress.Close()
	if err != nil {
		r.dropWorkspace()                            // half a commit is of no use to a retry
		return facts{"exit_code": 128}, fromGit(err) // git's own code of what it cannot do
	}
	r.made.commit = commit
	return facts{"exit_code": 0, "commit": commit}, nil
}

// fromGit gives an error of a clone the kind that the engine's errors have.
func fromGit(err error) error {
	var bad *git.Error
	if !errors.As(err, &bad) {
		return err
	}
	kinds := map[error]error{
		git.ErrInvalid: docker.ErrInvalid, git.ErrNotFound: docker.ErrNotFound, git.ErrUnauthorized: docker.ErrUnauthorized,
		git.ErrForbidden: docker.ErrForbidden, git.ErrRemote: docker.ErrRegistry,
	}
	return &docker.Error{Kind: kinds[bad.Kind], Field: bad.Field, Text: bad.Text}
}

// Where is the repository's address without credentials, by which a site is known; "" where RepoURL is no address.
func (s Clone) Where() string { return s.spec(everywhere).Where() }
