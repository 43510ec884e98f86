package pipeline

import (
	"os"
	"path/filepath"
)

// workspace is a folder for the files of one run, and of those that retry it.
//
//	git/           what git keeps
//	context/site/  the files: of a commit, or made by shell stages
type workspace struct{ top string }

func (w *workspace) git() string   { return filepath.Join(w.top, "git") }
func (w *workspace) files() string { return filepath.Join(w.top, "context", "site") }

// open opens a folder of the files as a build's context; whole is the folder that they lie in.
func (w *workspace) open(whole bool, folder string) (*os.Root, error) {
	if whole {
		return os.OpenRoot(filepath.Join(w.top, "context"))
	}
	files, err := os.OpenRoot(w.files())
	if err != nil || folder == "" {
		return files, err
	}
	defer files.Close()
	return files.OpenRoot(folder) // which no link leads out of
}

// remove removes the folder; a nil workspace has none.
func (w *workspace) remove() {
	if w != nil {
		_ = os.RemoveAll(w.top)
	}
}

// workspace is the run's; an empty one where there was none yet.
func (r *run) workspace() (*workspace, error) {
	if r.made.space == nil {
		return r.newWorkspace()
	}
	return r.made.space, nil
}

// newWorkspace makes an empty one in place of the run's.
func (r *run) newWorkspace() (*workspace, error) {
	w := &workspace{filepath.Join(r.instance.folder, randomName())}
	for _, folder := range []string{w.git(), w.files()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, err
		}
	}
	r.dropWorkspace()
	r.made.space = w
	return w, nil
}

// dropWorkspace removes the run's, where it has one.
func (r *run) dropWorkspace() {
	r.made.space.remove()
	r.made.space, r.made.commit = nil, ""
}
