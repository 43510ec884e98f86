package broker

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ErrBadID is wrapped by the error for a text that is no event id.
var ErrBadID = errors.New("bad id")

// newEpoch names one life of the sequence. The time makes it differ from
// earlier ones, the random part from those of a machine with a wrong clock.
func newEpoch() string {
	return strconv.FormatInt(time.Now().Unix(), 36) + strings.ToLower(rand.Text()[:3])
}

// Epoch is the first part of this broker's ids.
func (b *Broker) Epoch() string { return b.epoch }

// Head is the position of the newest event of the hub.
func (b *Broker) Head() uint64 { return b.head.Load() }

// Position is the id of Head.
func (b *Broker) Position() string { return b.ID(b.Head()) }

// ID is the id of the position seq.
func (b *Broker) ID(seq uint64) string { return string(b.appendID(nil, seq)) }

func (b *Broker) appendID(dst []byte, seq uint64) []byte {
	dst = append(dst, b.epoch...)
	dst = append(dst, '-')
	return strconv.AppendUint(dst, seq, 10)
}

// position parses an id. ok is false when it is no position in this broker's
// life: another epoch, or a seq that has not been yet. b.mu is held.
func (b *Broker) position(id string) (seq uint64, ok bool, err error) {
	if err := CheckID(id); err != nil {
		return 0, false, err
	}
	epoch, digits, _ := strings.Cut(id, "-")
	seq, err = strconv.ParseUint(digits, 10, 64)
	return seq, err == nil && epoch == b.epoch && seq <= b.seq, nil
}

// CheckID reports why id is not of the form <epoch>-<seq>.
func CheckID(id string) error {
	epoch, seq, ok := strings.Cut(id, "-")
	if !ok || epoch == "" || seq == "" || len(id) > 64 ||
		strings.Trim(epoch, "0123456789abcdefghijklmnopqrstuvwxyz") != "" || strings.Trim(seq, "0123456789") != "" {
		return fmt.Errorf("%w %q: an id looks like k7x2m-1042", ErrBadID, id)
	}
	return nil
}
