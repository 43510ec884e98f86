package git

import (
	"os"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
)

// folder is one that a clone writes into, with a meter at each way in. No link
// leads out of it.
type folder struct {
	billy.Filesystem
	meter *meter
	count func(n int) error // bytes to be written; nil is not counted
}

func newFolder(path string, m *meter, count func(n int) error) folder {
	return folder{osfs.New(path, osfs.WithBoundOS()), m, count}
}

func (f folder) Create(name string) (billy.File, error) {
	return f.open(func() (billy.File, error) { return f.Filesystem.Create(name) })
}

func (f folder) Open(name string) (billy.File, error) {
	return f.open(func() (billy.File, error) { return f.Filesystem.Open(name) })
}

func (f folder) OpenFile(name string, flag int, mode os.FileMode) (billy.File, error) {
	return f.open(func() (billy.File, error) { return f.Filesystem.OpenFile(name, flag, mode) })
}

func (f folder) TempFile(dir, prefix string) (billy.File, error) {
	return f.open(func() (billy.File, error) { return f.Filesystem.TempFile(dir, prefix) })
}

func (f folder) open(open func() (billy.File, error)) (file billy.File, err error) {
	err = f.meter.do(func() error {
		file, err = open()
		return err
	})
	if err != nil {
		return nil, err
	}
	return meteredFile{file, f}, nil
}

func (f folder) Rename(from, to string) error {
	return f.meter.do(func() error { return f.Filesystem.Rename(from, to) })
}

func (f folder) Remove(name string) error {
	return f.meter.do(func() error { return f.Filesystem.Remove(name) })
}

func (f folder) MkdirAll(name string, mode os.FileMode) error {
	return f.meter.do(func() error { return f.Filesystem.MkdirAll(name, mode) })
}

func (f folder) Symlink(target, link string) error {
	return f.meter.do(func() error { return f.Filesystem.Symlink(target, link) })
}

func (f folder) Chroot(name string) (billy.Filesystem, error) {
	within, err := f.Filesystem.Chroot(name)
	return folder{within, f.meter, f.count}, err
}

// meteredFile is a file of a folder.
type meteredFile struct {
	billy.File
	folder folder
}

func (f meteredFile) Read(p []byte) (n int, err error) {
	err = f.folder.meter.do(func() error {
		n, err = f.File.Read(p)
		return err
	})
	return n, err
}

func (f meteredFile) ReadAt(p []byte, at int64) (n int, err error) {
	err = f.folder.meter.do(func() error {
		n, err = f.File.ReadAt(p, at)
		return err
	})
	return n, err
}

func (f meteredFile) Write(p []byte) (n int, err error) {
	if f.folder.count != nil {
		if err := f.folder.count(len(p)); err != nil {
			return 0, err
		}
	}
	err = f.folder.meter.do(func() error {
		n, err = f.File.Write(p)
		return err
	})
	return n, err
}
