package docker

import (
	"bytes"
	"testing"
)

func TestAFileIsReadByteForByteWithoutAShellAndStopped(t *testing.T) {
	t.Parallel()
	b := bareBox(t)
	if got := b.content("/data/greeting"); got != "hello" {
		t.Errorf("%q", got)
	}
	binary := bytes.Repeat([]byte{0, 0xff, '\r', '\n', 0xc3}, 100_000)
	if err := b.e.WriteFile(t.Context(), b.name, "/data/binary", binary, 0o640); err != nil {
		t.Fatal(err)
	}
	content, stat, err := b.e.ReadFile(t.Context(), b.name, "/data/binary")
	if err != nil || !bytes.Equal(content, binary) || stat.Name != "binary" || stat.Size != int64(len(binary)) || stat.mode() != 0o640 {
		t.Errorf("%d bytes, %+v, %v", len(content), stat, err)
	}
}

// A link is followed as cat follows it, within the container's own files.
func TestReadingFollowsLinksInsideTheContainer(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("echo here >/tmp/file; ln -s /tmp/file /tmp/one; ln -s one /tmp/two; mkdir /tmp/sub; ln -s ../../../../../tmp/two /tmp/sub/up; ln -s /tmp /root/folder")
	for _, path := range []string{"/tmp/one", "/tmp/two", "/tmp/sub/up", "/root/folder/sub/up"} {
		content, stat, err := b.e.ReadFile(t.Context(), b.name, path)
		if string(content) != "here\n" || err != nil || stat.LinkTarget == "" {
			t.Errorf("%s: %q, %+v, %v", path, content, stat, err)
		}
	}
}

func TestWhatIsTooLargeOrNoFileIsNotRead(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("mkfifo /tmp/pipe; mknod /tmp/zero c 1 5; truncate -s 8M /tmp/fits; truncate -s 8388609 /tmp/over; truncate -s 1G /tmp/huge")
	for path, want := range map[string]error{"/tmp/pipe": ErrConflict, "/tmp/zero": ErrConflict, "/tmp": ErrConflict, "/": ErrConflict, "/tmp/over": ErrTooLarge, "/tmp/huge": ErrTooLarge} {
		_, _, err := b.e.ReadFile(t.Context(), b.name, path)
		wants(t, err, want)
	}
	if n := len(b.content("/tmp/fits")); n != MostRead {
		t.Errorf("%d bytes", n)
	}
}
