package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// download is a path as the names and contents of its tar.
func (b *box) download(path string) (names []string, contents map[string]string) {
	b.Helper()
	d, err := b.e.DownloadFiles(b.Context(), b.name, path)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	contents = map[string]string{}
	for in := tar.NewReader(d); ; {
		head, err := in.Next()
		if err == io.EOF {
			return names, contents
		}
		if err != nil {
			b.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			b.Fatal(err)
		}
		names = append(names, head.Name)
		contents[head.Name] = string(content) + head.Linkname
	}
}

func TestADownloadIsTheFolderWithoutDevices(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh(`mkdir -p /tmp/top/sub; cd /tmp/top; echo one >'sub/a b'; ln 'sub/a b' sub/hard; ln -s /etc/passwd soft; mkfifo pipe; mknod zero c 1 5; ln -s top /tmp/link; printf '\0\377' >bin`)
	names, contents := b.download("/tmp/link")
	want := []string{"link/", "link/bin", "link/soft", "link/sub/", "link/sub/a b", "link/sub/hard"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if contents["link/bin"] != "\x00\xff" || contents["link/soft"] != "/etc/passwd" || contents["link/sub/a b"] != "one\n" || contents["link/sub/hard"] != "link/sub/a b" {
		t.Errorf("%q", contents)
	}
	if names, _ := b.download("/tmp/top/bin"); !slices.Equal(names, []string{"bin"}) {
		t.Errorf("a file: %q", names)
	}
	bare := bareBox(t)
	if names, contents := bare.download("/"); names[0] != "./" || contents["./data/greeting"] != "hello" {
		t.Errorf("the root: %q", names)
	}
}

// 256 MiB pass through, and who leaves in the middle has the engine stop.
func TestADownloadKeepsNothingAndEndsWithItsReader(t *testing.T) {
	b := runningBox(t)
	b.sh("mkdir /tmp/big; truncate -s 256M /tmp/big/file")
	peak, stop := peakHeap()
	d, err := b.e.DownloadFiles(t.Context(), b.name, "/tmp/big")
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, d)
	d.Close()
	stop()
	if grown := <-peak; err != nil || n < 256<<20 || grown > 32<<20 {
		t.Errorf("%d bytes, %v, the heap grew by %d MiB", n, err, grown>>20)
	}
	d, err = b.e.DownloadFiles(t.Context(), b.name, "/tmp/big")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, d, 1<<20); err != nil {
		t.Fatal(err)
	}
	d.Close()
	b.released()

	ctx, cancel := context.WithCancelCause(t.Context())
	if d, err = b.e.DownloadFiles(ctx, b.name, "/tmp/big"); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	why := errors.New("the hub ends")
	cancel(why)
	if _, err := io.Copy(io.Discard, d); !errors.Is(err, why) {
		t.Errorf("%v", err)
	}
	b.released()
}

func TestWhoStandsStillIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		w := &impatientWriter{out, time.Minute, func() { in.Close() }}
		if _, err := w.Write([]byte("x")); err != io.ErrClosedPipe {
			t.Errorf("written to nobody: %v", err)
		}
		in, out = io.Pipe()
		r := &impatientReader{in, time.Minute, func() { out.Close() }}
		if _, err := r.Read(make([]byte, 1)); err != io.EOF {
			t.Error(err)
		}
		quick := &impatientReader{strings.NewReader("x"), time.Minute, func() { t.Error("given up") }}
		if got, err := io.ReadAll(quick); string(got) != "x" || err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour) // the bubble's: no timer was left running
	})
}
