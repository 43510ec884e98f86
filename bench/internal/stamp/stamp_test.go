package stamp

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var some = []Stamp{
	{Run: 1, Seq: 1, At: 0},
	{Run: math.MaxUint16, Seq: math.MaxUint32, At: 1<<52 - 1},
	{Run: 0xbeef, Seq: 3, At: 123_456_789},
}

// stream is the stamps with stray tildes and other text around them.
func stream(stamps []Stamp) []byte {
	text := []byte(`~~ {"id":"k7~2m-1"} `)
	for _, s := range stamps {
		payload := Payload(64)
		s.Put(payload)
		text = append(text, "~0~"...)
		text = append(text, payload...)
	}
	return text
}

func scan(pieces ...[]byte) (found []Stamp) {
	var scanner Scanner
	for _, piece := range pieces {
		// A reader's buffer is used again for the next piece.
		piece = bytes.Clone(piece)
		scanner.Scan(piece, func(s Stamp) { found = append(found, s) })
		clear(piece)
	}
	return found
}

func TestStampsAreFoundWhereverTheStreamIsCut(t *testing.T) {
	text := stream(some)
	for first := range len(text) {
		for _, length := range []int{0, 1, 2, Len - 1, Len, Len + 1} {
			second := min(first+length, len(text))
			got := scan(text[:first], text[first:second], text[second:])
			if diff := cmp.Diff(some, got); diff != "" {
				t.Fatalf("cut at %d and %d (-want +got):\n%s", first, second, diff)
			}
		}
	}
}

func TestStampsAreFoundInAStreamOfSingleBytes(t *testing.T) {
	pieces := slices.Collect(slices.Chunk(stream(some), 1))
	if diff := cmp.Diff(some, scan(pieces...)); diff != "" {
		t.Fatalf("-want +got:\n%s", diff)
	}
}

func TestADamagedStampIsNoDelivery(t *testing.T) {
	for at := range Len {
		for _, bit := range []byte{1, 2, 4} {
			payload := Payload(Len)
			some[2].Put(payload)
			payload[at] ^= bit
			if got := scan(payload); len(got) != 0 {
				t.Fatalf("byte %d changed: still read as %+v", at, got[0])
			}
		}
	}
}

func TestAPayloadHasTheSizeAskedForAndRoomForAStamp(t *testing.T) {
	for size, want := range map[int]int{0: Len, Len: Len, 256: 256, 5000: 5000} {
		if got := len(Payload(size)); got != want {
			t.Errorf("Payload(%d) has %d bytes, want %d", size, got, want)
		}
	}
}
