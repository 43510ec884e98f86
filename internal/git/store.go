package git

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// store is what git keeps of a clone. A pack is looked at before it is unpacked,
// which go-git's own does while it arrives, and whole objects in memory.
type store struct {
	*filesystem.Storage
	fs   folder
	most int64 // bytes of one object
}

func newStore(fs folder, most int64) store {
	return store{filesystem.NewStorage(fs, cache.NewObjectLRUDefault()), fs, most}
}

// PackfileWriter takes the pack that a server sends.
func (s store) PackfileWriter() (io.WriteCloser, error) {
	file, err := s.fs.TempFile(packs, "arriving-")
	if err != nil {
		return nil, err
	}
	return &arriving{file, s}, nil
}

var packs = path.Join("objects", "pack")

// arriving is a pack on its way.
type arriving struct {
	file  billy.File
	store store
}

func (a *arriving) Write(p []byte) (int, error) { return a.file.Write(p) }

// errDamaged is of a pack that cannot be unpacked.
var errDamaged = errors.New("what the server sends is damaged")

// Close makes the pack part of the store.
func (a *arriving) Close() error {
	defer a.file.Close()
	index := new(idxfile.Writer)
	err := a.rewound(func(r io.Reader) error { return checkPack(r, a.store) })
	if err == nil {
		err = a.rewound(func(io.Reader) error {
			parser, err := packfile.NewParser(packfile.NewScanner(a.file), index)
			if err == nil {
				_, err = parser.Parse()
			}
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	return a.keep(index)
}

func (a *arriving) rewound(f func(io.Reader) error) error {
	if _, err := a.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return f(a.file)
}

// keep gives the pack its name, which go-git finds it by, and its index.
func (a *arriving) keep(written *idxfile.Writer) error {
	index, err := written.Index()
	if err != nil {
		return err
	}
	name := path.Join(packs, "pack-"+hex.EncodeToString(index.PackfileChecksum[:]))
	file, err := a.store.fs.Create(name + ".idx")
	if err != nil {
		return err
	}
	_, err = idxfile.NewEncoder(file).Encode(index)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = a.store.fs.Rename(a.file.Name(), name+".pack")
	}
	a.store.Reindex()
	return err
}
