package docker

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// frame is one as the engine writes it.
func frame(number byte, payload string) string {
	head := []byte{number, 0, 0, 0}
	return string(binary.BigEndian.AppendUint32(head, uint32(len(payload)))) + payload
}

// readFrames is what comes of a stream, "stdout:…" for each frame, and its end.
func readFrames(r io.Reader) (said []string, err error) {
	f := newFrames(r)
	for {
		stream, payload, err := f.next()
		if err != nil {
			return said, err
		}
		said = append(said, stream+":"+string(payload))
	}
}

func TestFramesComeApartHoweverTheStreamIsCut(t *testing.T) {
	big, huge := strings.Repeat("b", frameBuffer), strings.Repeat("h", frameCap)
	stream := frame(1, "one\n") + frame(2, "two") + frame(1, "") + frame(2, "") + frame(0, "echo") + frame(1, big) + frame(2, huge) + frame(1, "last")
	want := []string{"stdout:one\n", "stderr:two", "stdout:echo", "stdout:" + big, "stderr:" + huge, "stdout:last"}
	for name, r := range map[string]io.Reader{
		"whole":             strings.NewReader(stream),
		"byte by byte":      iotest.OneByteReader(strings.NewReader(stream)),
		"EOF with the last": iotest.DataErrReader(strings.NewReader(stream)),
	} {
		said, err := readFrames(r)
		if err != io.EOF || strings.Join(said, "|") != strings.Join(want, "|") {
			t.Errorf("%s: %d frames, %v", name, len(said), err)
		}
	}
}

func TestAStreamThatIsNotOfFramesIsSaidToBeSo(t *testing.T) {
	for stream, want := range map[string]error{
		"":                                     io.EOF,
		"\x01\x00\x00":                         io.ErrUnexpectedEOF,
		frame(1, "cut off")[:10]:               io.ErrUnexpectedEOF,
		frame(1, "x")[:8]:                      io.ErrUnexpectedEOF,
		"/ # ls\r\nbin\r\n":                    errFrames,
		"\x01\x00\x00\x00\x00\x10\x00\x01":     errFrames, // one byte over the cap
		"\x01\x00\x00\x00\xff\xff\xff\xffabcd": errFrames,
		frame(3, "Error grabbing logs: gone"):  errSaid,
	} {
		if said, err := readFrames(strings.NewReader(stream)); !errors.Is(err, want) || len(said) > 0 {
			t.Errorf("%q: %q, %v, want %v", stream, said, err, want)
		}
	}
	if _, err := readFrames(strings.NewReader(frame(3, "no such file\n"))); err == nil || !strings.HasSuffix(err.Error(), ": no such file") {
		t.Errorf("the engine's words are lost: %v", err)
	}
}

func TestFramesCostNoAllocationEach(t *testing.T) {
	stream := strings.NewReader(strings.Repeat(frame(1, "a line of a log\n"), 4000))
	f := newFrames(stream)
	if n := testing.AllocsPerRun(2000, func() {
		if _, _, err := f.next(); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func TestWhatHasArrivedIsKnown(t *testing.T) {
	f := newFrames(strings.NewReader(frame(1, "one") + frame(1, "two")))
	for i, want := range []bool{true, false} {
		if _, _, err := f.next(); err != nil || f.buffered() != want {
			t.Errorf("after frame %d: %v, %v", i+1, f.buffered(), err)
		}
	}
}

// FuzzFrames holds the reader against a plain one, which keeps the whole stream.
func FuzzFrames(f *testing.F) {
	f.Add([]byte(frame(1, "one") + frame(2, "two") + frame(3, "end")))
	f.Add([]byte("\x01\x00\x00\x00\x00\x10\x00\x00short"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		var want []string
		for rest := stream; len(rest) >= frameHead; {
			size := int(binary.BigEndian.Uint32(rest[4:]))
			if rest[0] > 2 || !bytes.Equal(rest[1:4], []byte{0, 0, 0}) || size > len(rest)-frameHead {
				break
			}
			if name := []string{"stdout", "stdout", "stderr"}[rest[0]]; size > 0 {
				want = append(want, name+":"+string(rest[frameHead:frameHead+size]))
			}
			rest = rest[frameHead+size:]
		}
		said, err := readFrames(iotest.HalfReader(bytes.NewReader(stream)))
		if err == nil || strings.Join(said, "|") != strings.Join(want, "|") {
			t.Errorf("%q: %q, want %q, %v", stream, said, want, err)
		}
	})
}
