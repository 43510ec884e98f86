package git

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hub/internal/git/gittest"
)

func TestACancelledCloneEndsWithinASecondWithTheReason(t *testing.T) {
	server := gittest.StartServer(t, gittest.Options{})
	r := server.Repo("site", map[string]string{"a": "1"})
	server.Hold()
	reason := errors.New("cancelled by somebody")
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan cloned, 1)
	go func() { done <- cloneWith(t, ctx, Spec{URL: r.URL}) }()
	eventually(t, "a fetch is held", func() bool { return server.Held() == 1 })
	asked := time.Now()
	cancel(reason)
	if c := <-done; c.err != reason || time.Since(asked) > time.Second {
		t.Errorf("%v after %s", c.err, time.Since(asked))
	}
	eventually(t, "the server is left", func() bool { return server.Held() == 0 })
}

func TestACloneThatTakesTooLongEnds(t *testing.T) {
	server := gittest.StartServer(t, gittest.Options{})
	r := server.Repo("site", nil)
	server.Hold()
	cloneOf(t, Spec{URL: r.URL, Time: 200 * time.Millisecond}).failed(t, ErrRemote, "cannot clone "+r.URL, "longer than 200ms")
}

// silent listens and says nothing, whatever it is told.
func silent(t *testing.T) (address string, spoken chan struct{}) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	spoken = make(chan struct{}, 1)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			spoken <- struct{}{}
		}
	}()
	return listener.Addr().String(), spoken
}

func TestAnSSHServerThatSaysNothingIsLeftToo(t *testing.T) {
	agent := filepath.Join(t.TempDir(), "agent")
	listener, err := net.Listen("unix", agent)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	t.Setenv("SSH_AUTH_SOCK", agent)
	hosts := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(hosts, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSH_KNOWN_HOSTS", hosts)
	address, spoken := silent(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan cloned, 1)
	go func() { done <- cloneWith(t, ctx, Spec{URL: "ssh://git@" + address + "/site"}) }()
	select {
	case <-spoken:
	case c := <-done:
		t.Fatal(c.err)
	}
	asked := time.Now()
	cancel()
	if c := <-done; !errors.Is(c.err, context.Canceled) || time.Since(asked) > time.Second {
		t.Errorf("%v after %s", c.err, time.Since(asked))
	}
}

// closing cancels at a write and sees that none comes after the clone.
type closing struct {
	heard
	cancel context.CancelFunc
}

func (c *closing) Write(p []byte) (int, error) {
	c.cancel()
	return c.heard.Write(p)
}

func TestNothingIsWrittenAfterACancelledClone(t *testing.T) {
	files := map[string]string{}
	for i := range 300 {
		files[strings.Repeat("d/", i%9)+strconv.Itoa(i)] = strings.Repeat("content", i)
	}
	r := site(t, files)
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		top := t.TempDir()
		s := Spec{URL: r.URL, Kept: filepath.Join(top, "git"), Files: filepath.Join(top, "files")}
		progress := &closing{cancel: cancel}
		if _, err := Clone(ctx, s, progress); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if err := os.RemoveAll(top); err != nil {
			t.Error(err)
		}
		said := progress.text()
		for range 50 { // which a goroutine that went on would use
			time.Sleep(time.Millisecond)
		}
		if _, err := os.Lstat(top); err == nil || progress.text() != said {
			t.Error("the clone goes on")
		}
	}
}

func TestAMeterLetsNobodyPastAfterTheEnd(t *testing.T) {
	ctx, end := context.WithCancelCause(t.Context())
	m := &meter{ctx: ctx, end: end, most: 1 << 20}
	f := newFolder(t.TempDir(), m, nil)
	file, err := f.Create("a")
	if err != nil {
		t.Fatal(err)
	}
	over := errors.New("over")
	end(over)
	m.settle()
	_, wrote := io.WriteString(file, "x")
	_, read := file.Read(make([]byte, 1))
	_, readAt := file.ReadAt(make([]byte, 1), 0)
	_, created := f.Create("b")
	_, opened := f.Open("a")
	_, openedFile := f.OpenFile("a", os.O_RDWR, 0)
	_, temporary := f.TempFile("", "c")
	for _, err := range []error{wrote, read, readAt, created, opened, openedFile, temporary,
		f.Rename("a", "b"), f.Remove("a"), f.MkdirAll("d", 0o755), f.Symlink("a", "e")} {
		if !errors.Is(err, over) {
			t.Errorf("the meter lets past: %v", err)
		}
	}
}
