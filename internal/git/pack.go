package git

import (
	"bufio"
	"encoding/binary"
	"io"

	"github.com/docker/go-units"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

const (
	// largestObject bounds a file: git has it in memory whole. Public hosts take no
	// more than 100 MiB.
	largestObject = 128 << 20
	// mostObjects bounds what an index in memory takes, some 250 bytes for each.
	mostObjects = 1 << 20
)

// checkPack refuses a pack whose few bytes would become too many in memory. Its
// objects are looked through one by one and none is kept.
func checkPack(r io.Reader, s store) error {
	scanner := packfile.NewScanner(r)
	_, count, err := scanner.Header()
	if err != nil {
		return err
	}
	if count > mostObjects {
		return s.fs.meter.refuse("it sends more than %d objects", mostObjects)
	}
	for range count {
		header, err := scanner.NextObjectHeader()
		if err != nil {
			return err
		}
		size := header.Length
		if header.Type.IsDelta() {
			made, err := deltaSize(scanner)
			if err != nil {
				return err
			}
			size = max(size, made)
		}
		if size < 0 || size > s.most {
			return s.fs.meter.refuse("it has a file of more than %s", units.BytesSize(float64(s.most)))
		}
	}
	_, err = scanner.Checksum()
	return err
}

// deltaSize is how large the object is that a delta makes of another, which the
// delta begins with, behind the size of the other.
func deltaSize(scanner *packfile.Scanner) (int64, error) {
	delta, err := scanner.ReadObject()
	if err != nil {
		return 0, err
	}
	defer delta.Close()
	content := bufio.NewReader(delta)
	if _, err := binary.ReadUvarint(content); err != nil {
		return 0, err
	}
	made, err := binary.ReadUvarint(content)
	if err == nil {
		_, err = io.Copy(io.Discard, content)
	}
	return int64(min(made, 1<<62)), err
}
