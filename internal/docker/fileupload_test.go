package docker

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func (b *box) upload(folder string, entries ...any) (Uploaded, error) {
	b.Helper()
	return b.e.UploadFiles(b.Context(), b.name, folder, bytes.NewReader(tarOf(b.T, entries...)))
}

func regular(name string) tar.Header {
	return tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644}
}

func TestAnUploadIsUnpackedAsItIs(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("mkdir -p /tmp/in/old; chmod 700 /tmp/in/old /tmp/in; echo kept >/tmp/in/old/kept; echo old >/tmp/in/f; ln -s in /tmp/link")
	u, err := b.upload("/tmp/link",
		tar.Header{Name: "./", Typeflag: tar.TypeDir, Mode: 0o777},
		tar.Header{Name: "BZh", Typeflag: tar.TypeReg, Mode: 0o4750, Uid: 7, Gid: 8}, "set\x00\xff",
		regular("f"), "new", regular("old/x"), "x", regular("made/by/the way/-x"), "y",
		tar.Header{Name: "soft", Typeflag: tar.TypeSymlink, Linkname: "/etc/nowhere"},
		tar.Header{Name: "hard", Typeflag: tar.TypeLink, Linkname: "./f"},
		regular("soft"), "replaced", regular(strings.Repeat("long/", 30)+"ünï"), "z",
	)
	if err != nil || u != (Uploaded{8, 19}) {
		t.Errorf("%+v, %v", u, err)
	}
	got := b.sh("cd /tmp/in; stat -c '%a %u:%g' . old BZh; cat f hard old/x old/kept soft 'made/by/the way/-x' long/*/long/*/long/*/long/*/long/*/long/*/long/*/long/*/long/*/long/*/long/*/long/*/long/*/long/*/long/*/*")
	if want := "700 0:0\n700 0:0\n4750 7:8\nnewnewxkept\nreplacedyz"; got != want {
		t.Errorf("%q", got)
	}
}

func TestNothingOfAnUploadLeavesItsFolder(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("mkdir -p /tmp/in/sub; echo precious >/root/f; chmod 600 /root/f; ln -s /root /tmp/in/out; ln -s /root/f /tmp/in/outfile; ln -s /root /tmp/in/sub/out")
	link := func(name, to string) tar.Header {
		return tar.Header{Name: name, Typeflag: tar.TypeSymlink, Linkname: to}
	}
	hard := func(name, to string) tar.Header {
		return tar.Header{Name: name, Typeflag: tar.TypeLink, Linkname: to, Mode: 0o777}
	}
	for name, c := range map[string]struct {
		entries []any
		word    string
	}{
		"absolute":               {[]any{regular("/root/f"), "x"}, `"/root/f"`},
		"up":                     {[]any{regular("../root/f"), "x"}, `".."`},
		"up within":              {[]any{regular("a/../../root/f"), "x"}, `".."`},
		"link of the tar":        {[]any{link("l", "/root"), regular("l/f"), "x"}, "behind a link"},
		"relative link":          {[]any{link("l", "../../root"), regular("l/f"), "x"}, "behind a link"},
		"link, spelt otherwise":  {[]any{link("l", "/root"), regular(".//l/./f"), "x"}, "behind a link"},
		"link to a link":         {[]any{link("l", "/root"), link("m", "l"), regular("m/f"), "x"}, "behind a link"},
		"other name of a link":   {[]any{link("l", "/root"), hard("m", "l"), regular("m/f"), "x"}, "behind a link"},
		"link below":             {[]any{tar.Header{Name: "d/", Typeflag: tar.TypeDir, Mode: 0o755}, link("d/l", "/root"), regular("d/l/f"), "x"}, "behind a link"},
		"link there":             {[]any{regular("out/f"), "x"}, "behind a link"},
		"link there, below":      {[]any{regular("sub/out/f"), "x"}, "behind a link"},
		"link there, later":      {[]any{regular("one"), "x", regular("sub/out/deeper/f"), "x"}, "behind a link"},
		"folder over link there": {[]any{tar.Header{Name: "out/", Typeflag: tar.TypeDir, Mode: 0o777}, regular("out/f"), "x"}, "in the way"},
		"hard link up":           {[]any{hard("h", "../../root/f")}, `".."`},
		"hard link absolute":     {[]any{hard("h", "/root/f")}, "begins with /"},
		"hard link behind":       {[]any{hard("h", "out/f")}, "behind a link"},
		"hard link to a link":    {[]any{hard("h", "outfile")}, "another name of one"},
		"device":                 {[]any{tar.Header{Name: "d", Typeflag: tar.TypeChar, Devmajor: 1, Devminor: 5}}, "a device"},
		"disk":                   {[]any{tar.Header{Name: "d", Typeflag: tar.TypeBlock, Devmajor: 8}}, "a device"},
		"pipe":                   {[]any{tar.Header{Name: "d", Typeflag: tar.TypeFifo}}, "a pipe"},
		"no name":                {[]any{regular("."), "x"}, "no name"},
	} {
		t.Run(name, func(t *testing.T) {
			u, err := b.upload("/tmp/in", c.entries...)
			var ours *Error
			if err == nil || !errors.As(err, &ours) || !strings.Contains(err.Error(), c.word) {
				t.Fatalf("%+v, %v, want %q", u, err, c.word)
			}
			if got := b.sh("ls /root; cat /root/f; stat -c %a /root /root/f"); got != "f\nprecious\n755\n600\n" {
				t.Fatalf("it left the folder: %q", got)
			}
			b.sh("cd /tmp/in; rm -rf l m d h one")
		})
	}
}

func TestWhatIsNoWholeTarIsRefused(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	whole := tarOf(t, regular("a"), strings.Repeat("x", 5000), regular("b"), "y")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(whole)
	z.Close()
	sparse := tarOf(t, regular("s"), "x")
	sparse[156] = tar.TypeGNUSparse
	checksum(sparse)
	for name, body := range map[string][]byte{"gzip": packed.Bytes(), "text": []byte(strings.Repeat("no tar ", 200)), "cut": whole[:3000], "cut head": whole[:700], "sparse": sparse} {
		_, err := b.e.UploadFiles(t.Context(), b.name, "/tmp", bytes.NewReader(body))
		var ours *Error
		if !errors.As(err, &ours) || ours.Kind != ErrInvalid || ours.Field != "tar" {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("the client has gone")
	_, err := b.e.UploadFiles(t.Context(), b.name, "/tmp", io.MultiReader(bytes.NewReader(whole[:3000]), iotest.ErrReader(broken)))
	if err != broken {
		t.Errorf("the body's own error: %v", err)
	}
	b.released()
	_, err = b.e.UploadFiles(t.Context(), b.name, "/bin/busybox", bytes.NewReader(whole))
	wants(t, err, ErrConflict, "it is no folder")
}

// checksum makes the first header's right again.
func checksum(b []byte) {
	copy(b[148:156], "        ")
	sum := 0
	for _, c := range b[:512] {
		sum += int(c)
	}
	const octal = "01234567"
	for i := 153; i >= 148; i-- {
		b[i], sum = octal[sum&7], sum>>3
	}
	b[154], b[155] = 0, ' '
}

// What the engine refuses in the middle is the upload's error, and no reader of the
// body is left waiting.
func TestAnUploadThatTheEngineRefusesEnds(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("mkdir /tmp/f")
	big := tarOf(t, regular("f"), "x", regular("big"), strings.Repeat("x", 20<<20))
	_, err := b.e.UploadFiles(t.Context(), b.name, "/tmp", bytes.NewReader(big))
	wants(t, err, ErrConflict, "a folder is in the way of a file")
	b.released()
	u, err := b.upload("/tmp", regular("small"), "x")
	if err != nil || u.Entries != 1 || b.content("/tmp/small") != "x" {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestAnUploadKeepsNothing(t *testing.T) {
	b := runningBox(t)
	head := tarOf(t, regular("zero"), "")[:512]
	size := int64(256 << 20)
	var first bytes.Buffer
	h := regular("zero")
	h.Size = size
	if err := tar.NewWriter(&first).WriteHeader(&h); err != nil || len(head) != first.Len() {
		t.Fatal(err)
	}
	peak, stop := peakHeap()
	u, err := b.e.UploadFiles(t.Context(), b.name, "/tmp", io.MultiReader(&first, io.LimitReader(zeros{}, size+1024)))
	stop()
	if grown := <-peak; err != nil || u.Bytes != size || grown > 32<<20 {
		t.Errorf("%+v, %v, the heap grew by %d MiB", u, err, grown>>20)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
