package docker

import (
	"errors"
	"io/fs"
	"os"
)

// keepInline writes a Dockerfile that came with a request into the folder it was
// built with. A file that is there already stays as it is.
func keepInline(folder *os.Root, name, content string) error {
	f, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return pathError(name, err)
	}
	_, err = f.WriteString(content)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = folder.Remove(name)
		return pathError(name, err)
	}
	return nil
}
