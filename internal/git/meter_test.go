package git

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/go-git/go-billy/v5"
)

func ended(t *testing.T) (m *meter, end context.CancelCauseFunc) {
	t.Helper()
	ctx, end := context.WithCancelCause(t.Context())
	return &meter{ctx: ctx, end: end, most: 1 << 20}, end
}

func TestAMeterLetsNobodyPastAfterTheEnd(t *testing.T) {
	m, end := ended(t)
	f := newFolder(t.TempDir(), m, nil)
	file, err := f.Create("a")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
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
	for i, err := range []error{wrote, read, readAt, created, opened, openedFile, temporary,
		f.Rename("a", "b"), f.Remove("a"), f.MkdirAll("d", 0o755), f.Symlink("a", "e")} {
		if !errors.Is(err, over) {
			t.Errorf("the meter lets %d past: %v", i, err)
		}
	}
}

func TestAMeterSettlesWhenWhoIsPastItIsDone(t *testing.T) {
	m, end := ended(t)
	past, goOn, settled := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go m.do(func() error {
		close(past)
		<-goOn
		return nil
	})
	<-past
	end(nil)
	go func() {
		m.settle()
		close(settled)
	}()
	eventually(t, "somebody settles", func() bool {
		waits := !m.busy.TryRLock()
		if !waits {
			m.busy.RUnlock()
		}
		return waits
	})
	select {
	case <-settled:
		t.Error("it is settled too early")
	default:
	}
	close(goOn)
	<-settled
}

func TestAReadOnlyFolderTakesNothing(t *testing.T) {
	m, _ := ended(t)
	top := t.TempDir()
	write(t, top+"/a", "text")
	r := readOnly{newFolder(top, m, nil)}
	_, created := r.Create("b")
	_, appended := r.OpenFile("a", os.O_APPEND|os.O_WRONLY, 0)
	_, opened := r.OpenFile("a", os.O_RDWR, 0)
	_, truncated := r.OpenFile("a", os.O_TRUNC, 0)
	_, temporary := r.TempFile("", "c")
	within, err := r.Chroot(".")
	if err != nil {
		t.Fatal(err)
	}
	for i, err := range []error{created, appended, opened, truncated, temporary, within.Remove("a"),
		r.Rename("a", "b"), r.Remove("a"), r.MkdirAll("d", 0o755), r.Symlink("a", "e")} {
		if !errors.Is(err, billy.ErrReadOnly) {
			t.Errorf("it takes %d: %v", i, err)
		}
	}
	file, err := within.Open("a")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if text, err := io.ReadAll(file); err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
}
