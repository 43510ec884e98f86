package pipeline

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// instance is the folder of one hub's workspaces, in one that several hubs may share. Its lock tells whether that hub lives.
type instance struct {
	name   string // which labels on its candidates have too
	folder string
	lock   *os.File
}

// newInstance makes one in top.
func newInstance(top string) (*instance, error) {
	if err := os.MkdirAll(top, 0o700); err != nil {
		return nil, err
	}
	for _, folder := range []string{filepath.Dir(top), top} {
		if err := own(folder); err != nil {
			return nil, err
		}
	}
	name := randomName()
	i := &instance{name: name, folder: filepath.Join(top, "."+name)}
	if err := os.Mkdir(i.folder, 0o700); err != nil {
		return nil, err
	}
	if !i.take() {
		return nil, os.ErrExist
	}
	folder := filepath.Join(top, name) // where others look for it, now that it is locked
	if err := os.Rename(i.folder, folder); err != nil {
		return nil, err
	}
	i.folder = folder
	return i, nil
}

// own is an error for a folder that others could put files into: what lies in workspaces is run.
func own(folder string) error {
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || ok && int(stat.Uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not this user's alone to write to: name another folder in pipeline_folder", folder)
	}
	return nil
}

// take reports whether no living hub has the folder, which from then on is ours.
func (i *instance) take() bool {
	file, err := os.Open(i.folder) // cleaners of temporary files spare a folder that is locked
	if err != nil {
		return false
	}
	if syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		file.Close()
		return false
	}
	i.lock = file
	return true
}

// abandoned are the folders beside this one whose hubs are gone, taken over by this hub.
func (i *instance) abandoned() (left []*instance) {
	entries, _ := os.ReadDir(filepath.Dir(i.folder))
	for _, e := range entries {
		other := &instance{name: e.Name(), folder: filepath.Join(filepath.Dir(i.folder), e.Name())}
		if e.IsDir() && e.Name() != i.name && len(e.Name()) == len(i.name) && other.take() {
			left = append(left, other)
		}
	}
	return left
}

// remove removes the folder with all that is in it.
func (i *instance) remove() error {
	defer i.lock.Close()
	return os.RemoveAll(i.folder)
}

// engineFolder is a name for an engine by where it is, of letters that mean nothing in a PATH, a make or a shell.
func engineFolder(host string) string {
	sum := sha256.Sum256([]byte(host))
	return hex.EncodeToString(sum[:5])
}

// randomName is a name of ten hex digits.
func randomName() string {
	b := make([]byte, 5)
	_, _ = rand.Read(b) // which never fails
	return hex.EncodeToString(b)
}
