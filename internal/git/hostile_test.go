package git

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// sender is what a server that is nobody's friend answers a fetch with.
type sender struct {
	io.Writer
	gone <-chan struct{} // closed when the client is
}

// hostile serves a repository of one commit, or says that it does.
func hostile(t *testing.T, answer func(*sender)) (url string) {
	t.Helper()
	const id = "1111111111111111111111111111111111111111"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			io.WriteString(w, packet("# service=git-upload-pack\n")+"0000")
			io.WriteString(w, packet(id+" HEAD\x00side-band-64k shallow symref=HEAD:refs/heads/main\n")+packet(id+" refs/heads/main\n")+"0000")
			return
		}
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, packet("shallow "+id)+"0000"+packet("NAK\n"))
		answer(&sender{w, r.Context().Done()})
	}))
	t.Cleanup(s.Close)
	return s.URL + "/site"
}

func packet(text string) string { return fmt.Sprintf("%04x%s", len(text)+4, text) }

// band sends on a band of the connection: 1 is the pack, 2 the progress and 3 an error.
func (s *sender) band(n byte, text string) {
	_, _ = io.WriteString(s.Writer, packet(string(n)+text))
}

// forever sends again and again, until the client goes away.
func (s *sender) forever(n byte, text string) {
	for {
		select {
		case <-s.gone:
			return
		default:
			s.band(n, text)
		}
	}
}

// pack sends a pack of objects, each with its header.
func (s *sender) pack(count int, objects ...[]byte) {
	p := binary.BigEndian.AppendUint32([]byte("PACK\x00\x00\x00\x02"), uint32(count))
	p = append(p, bytes.Join(objects, nil)...)
	sum := sha1.Sum(p)
	for p = append(p, sum[:]...); len(p) > 0; {
		n := min(len(p), 60_000)
		s.band(1, string(p[:n]))
		p = p[n:]
	}
	_, _ = io.WriteString(s.Writer, "0000")
}

const (
	blob  = 3
	delta = 7 // of an object with an id
)

func packed(kind byte, size uint64, between string, content []byte) []byte {
	first := kind<<4 | byte(size&15)
	size >>= 4
	var b bytes.Buffer
	for size > 0 {
		b.WriteByte(first | 0x80)
		first, size = byte(size&0x7f), size>>7
	}
	b.WriteByte(first)
	b.WriteString(between)
	z := zlib.NewWriter(&b)
	z.Write(content)
	z.Close()
	return b.Bytes()
}

func TestServersThatSendTooMuchAreLeft(t *testing.T) {
	chunk := strings.Repeat("x", 60_000)
	made := binary.AppendUvarint(binary.AppendUvarint(nil, 5), 1<<40)
	for what, answer := range map[string]func(*sender){
		"sends more than 1MiB":            func(s *sender) { s.band(1, "PACK\x00\x00\x00\x02\x00\x00\x00\x01"); s.forever(1, chunk) },
		"more than 1MiB":                  func(s *sender) { s.forever(2, chunk) },
		"sends more than 1048576 objects": func(s *sender) { s.pack(1<<20 + 1) },
		"a file of more than 1MiB":        func(s *sender) { s.pack(1, packed(blob, 1<<21, "", make([]byte, 1<<21))) },
		"has a file of more than 1MiB":    func(s *sender) { s.pack(1, packed(blob, 1<<40, "", []byte("little"))) },
		"it has a file of more than 1MiB": func(s *sender) {
			s.pack(1, packed(delta, uint64(len(made)), strings.Repeat("\x22", 20), made))
		},
	} {
		cloneOf(t, Spec{URL: hostile(t, answer), Limit: 1 << 20}).failed(t, ErrRemote, what)
	}
}

func TestDamagedPacksAreErrors(t *testing.T) {
	const broke, damaged = "the connection broke in the middle", "what the server sends is damaged"
	for what, p := range map[string]struct {
		answer func(*sender)
		said   string
	}{
		"nothing":             {func(*sender) {}, broke},
		"half a pack":         {func(s *sender) { s.band(1, "PACK\x00\x00\x00\x02\x00\x00\x00\x07") }, broke},
		"no pack":             {func(s *sender) { s.band(1, "no pack at all"); io.WriteString(s, "0000") }, damaged},
		"a delta of nothing":  {func(s *sender) { s.pack(1, packed(delta, 3, strings.Repeat("\x22", 20), []byte{5, 5, 0})) }, damaged},
		"a file of two sizes": {func(s *sender) { s.pack(1, packed(blob, 1, "", []byte("too long"))) }, damaged},
		"no commit":           {func(s *sender) { s.pack(1, packed(blob, 2, "", []byte("ok"))) }, "it has not the commit that it names"},
	} {
		c := cloneOf(t, Spec{URL: hostile(t, p.answer), Ref: "main"})
		c.failed(t, ErrRemote, "cannot clone http://127.0.0.1", p.said)
		if t.Failed() {
			t.Fatal(what)
		}
	}
}

func TestAListOfBranchesWithoutEndIsLeft(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, packet("# service=git-upload-pack\n")+"0000"+packet(strings.Repeat("1", 40)+" HEAD\x00shallow\n"))
		for i := 0; r.Context().Err() == nil; i++ {
			io.WriteString(w, packet(fmt.Sprintf("%040d refs/heads/%08d\n", 1, i)))
		}
	}))
	defer s.Close()
	cloneOf(t, Spec{URL: s.URL + "/site", Limit: 1 << 20}).failed(t, ErrRemote, "cannot clone "+s.URL, "sends more than 1MiB")
}

func TestAnErrorWithoutEndIsAnErrorLikeOthers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		for r.Context().Err() == nil {
			io.WriteString(w, strings.Repeat("sorry ", 1000))
		}
	}))
	defer s.Close()
	cloneOf(t, Spec{URL: s.URL + "/site", Limit: 1 << 20}).failed(t, ErrRemote, "cannot clone "+s.URL, "the server answers 500")
}
