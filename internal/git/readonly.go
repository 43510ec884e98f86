package git

import (
	"os"

	"github.com/go-git/go-billy/v5"
)

// readOnly is a folder that nothing is written to.
type readOnly struct{ billy.Filesystem }

func (r readOnly) OpenFile(name string, flag int, mode os.FileMode) (billy.File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_TRUNC) != 0 {
		return nil, billy.ErrReadOnly
	}
	return r.Filesystem.OpenFile(name, flag, mode)
}

func (r readOnly) Chroot(name string) (billy.Filesystem, error) {
	within, err := r.Filesystem.Chroot(name)
	return readOnly{within}, err
}

func (readOnly) Create(string) (billy.File, error)           { return nil, billy.ErrReadOnly }
func (readOnly) TempFile(string, string) (billy.File, error) { return nil, billy.ErrReadOnly }
func (readOnly) Rename(string, string) error                 { return billy.ErrReadOnly }
func (readOnly) Remove(string) error                         { return billy.ErrReadOnly }
func (readOnly) MkdirAll(string, os.FileMode) error          { return billy.ErrReadOnly }
func (readOnly) Symlink(string, string) error                { return billy.ErrReadOnly }
func (readOnly) Capabilities() billy.Capability              { return billy.ReadCapability | billy.SeekCapability }
