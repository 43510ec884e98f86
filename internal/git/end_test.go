package git

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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

// slow cancels at the first write, and is a while about it.
type slow struct {
	cancel      context.CancelFunc
	begun, done atomic.Bool
}

func (s *slow) Write(p []byte) (int, error) {
	if !s.begun.Swap(true) {
		s.cancel()
		time.Sleep(700 * time.Millisecond) // more than a clone waits for go-git
		s.done.Store(true)
	}
	return len(p), nil
}

func TestACloneReturnsWhenItsLastWriteIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	top := t.TempDir()
	progress := &slow{cancel: cancel}
	_, err := Clone(ctx, Spec{URL: site(t, nil).URL, Kept: filepath.Join(top, "git"), Files: filepath.Join(top, "files")}, progress)
	if !errors.Is(err, context.Canceled) || !progress.done.Load() {
		t.Error(err, progress.done.Load())
	}
}

// panicking fails as go-git might over what it is sent: once, in the middle.
type panicking struct{ once sync.Once }

func (w *panicking) Write(p []byte) (int, error) {
	w.once.Do(func() { panic("out of order") })
	return len(p), nil
}

func TestAPanicOfACloneIsItsError(t *testing.T) {
	top := t.TempDir()
	_, err := Clone(t.Context(), Spec{URL: site(t, nil).URL, Kept: filepath.Join(top, "git"), Files: filepath.Join(top, "files")}, new(panicking))
	cloned{err: err}.failed(t, ErrRemote, "out of order")
}

func TestNoFileStaysOpen(t *testing.T) {
	open := func() (n int) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			to, _ := os.Readlink("/proc/self/fd/" + e.Name())
			if strings.Contains(to, "/objects/") {
				n++
			}
		}
		return n
	}
	r := site(t, map[string]string{"a": "1"})
	r.Git("gc", "-q")
	for _, s := range []Spec{{URL: r.URL}, {URL: r.Folder}, {URL: r.Folder, Ref: "none"}, {URL: r.URL, Limit: 1}} {
		s.Local = LocalRoots{"/"}
		cloneOf(t, s)
		if n := open(); n != 0 {
			t.Errorf("%d files are open after %+v", n, s)
		}
	}
}
