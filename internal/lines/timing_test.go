package lines_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hub/internal/lines"
)

// timed runs f in a bubble with a writer as a task has it.
func timed(t *testing.T, f func(t *testing.T, w *lines.Writer, r *recorder)) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		w := lines.NewWriter(r.emit, lines.Options{Quiet: 200 * time.Millisecond})
		f(t, w, &r)
		w.Close()
	})
}

func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestAnUnfinishedLineGoesOutAfterQuiet(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		w.Write([]byte("abc"))
		after(199 * time.Millisecond)
		r.is(t)
		after(time.Millisecond)
		r.is(t, `line {"line":"abc","part":1}`)
		w.Write([]byte("def\n"))
		r.is(t, `line {"line":"def","part":2,"last":true}`)
		w.Write([]byte("abc"))
		after(time.Second)
		w.Write([]byte("\n"))
		r.is(t, `line {"line":"abc","part":1}`, `line {"line":"","part":2,"last":true}`)
		w.Write([]byte("abc"))
		after(time.Second)
		w.Close()
		r.is(t, `line {"line":"abc","part":1}`, `line {"line":"","part":2,"last":true}`)
	})
}

func TestEachWriteBeginsQuietAnew(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		for range 10 {
			w.Write([]byte("."))
			after(150 * time.Millisecond)
		}
		r.is(t)
		after(50 * time.Millisecond)
		r.is(t, `line {"line":"..........","part":1}`)
	})
}

func TestWithoutQuietALineWaitsForItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		w := lines.NewWriter(r.emit, lines.Options{})
		w.Write([]byte("abc"))
		after(time.Hour)
		r.is(t)
		w.Close()
		r.is(t, `line {"line":"abc"}`)
	})
}

func TestHalfARuneIsSentAfterQuiet(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		w.Write([]byte("\xe2\x82"))
		after(time.Second)
		r.is(t, `line {"line":"\ufffd\ufffd","part":1}`)
	})
}

func TestStatesAreConflatedAndTheLastIsNeverLost(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		for i := range 900 { // one a millisecond
			fmt.Fprintf(w, "%d\r", i)
			after(time.Millisecond)
		}
		if n := r.count(); n != 4 {
			t.Errorf("%d states in a second", n)
		}
		after(time.Second)
		r.is(t, `progress {"line":"899","redraw":true}`)
		after(time.Hour)
		w.Write([]byte("\n"))
		r.is(t, `line {"line":"899"}`)
	})
}

func TestAStateWrittenAfterItsReturnIsShownToo(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		w.Write([]byte("\r 41%"))
		after(time.Second)
		w.Write([]byte("\r 42%"))
		after(time.Second)
		w.Write([]byte("\r 43%\n"))
		r.is(t, `progress {"line":" 41%","redraw":true}`, `progress {"line":" 42%","redraw":true}`, `line {"line":" 43%"}`)
	})
}

func TestTheFirstStateIsShownAtOnce(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		w.Write([]byte("1%\r2%\r3%\n"))
		r.is(t, `progress {"line":"1%","redraw":true}`, `line {"line":"3%"}`)
	})
}

func TestReturnAndNewlineInTwoWritesAreNotARedraw(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		w.Write([]byte("a\r"))
		after(5 * time.Millisecond)
		w.Write([]byte("\nb\n"))
		after(time.Second)
		r.is(t, `line {"line":"a"}`, `line {"line":"b"}`)
	})
}

func TestAPartThatIsRedrawnEndsItsLine(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		w.Write([]byte("Reading"))
		after(time.Second)
		w.Write([]byte("\rReading 5%"))
		after(time.Second)
		w.Write([]byte("\n"))
		r.is(t, `line {"line":"Reading","part":1}`, `line {"line":"","part":2,"last":true}`,
			`progress {"line":"Reading 5%","redraw":true}`, `line {"line":"Reading 5%"}`)
	})
}

func TestAStateIsShownWhileItsReturnMayStillBelongToANewline(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		w.Write([]byte("42%\r"))
		after(time.Second)
		r.is(t, `progress {"line":"42%","redraw":true}`)
		w.Write([]byte("\n"))
		r.is(t, `line {"line":"42%"}`)
	})
}

func TestALineBegunInPartsIsNoState(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		for _, text := range []string{"abc", "def\r"} {
			w.Write([]byte(text))
			after(time.Second)
		}
		w.Write([]byte("\n"))
		r.is(t, `line {"line":"abc","part":1}`, `line {"line":"def","part":2}`, `line {"line":"","part":3,"last":true}`)
	})
}

func TestALineAfterARedrawnOneIsAnOrdinaryLine(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		w.Write([]byte("1%\r2%\nContinue? "))
		after(time.Second)
		r.is(t, `progress {"line":"1%","redraw":true}`, `line {"line":"2%"}`, `line {"line":"Continue? ","part":1}`)
	})
}

func TestAStateOlderThanAPartIsNotShownAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		w := lines.NewWriter(r.emit, lines.Options{MaxData: 128})
		w.Write([]byte("1%\r2%\r" + strings.Repeat("x", 100)))
		after(time.Second)
		if n := r.count(); n != 2 {
			t.Errorf("%d events, not a state and a part", n)
		}
		w.Close()
	})
}

func TestNothingIsEmittedAfterClose(t *testing.T) {
	timed(t, func(t *testing.T, w *lines.Writer, r *recorder) {
		w.Write([]byte("1%\r2%\r"))
		w.Close()
		r.count()
		after(time.Hour)
		r.is(t)
	})
}

func TestAnErrorFromTheTimerIsReturnedByTheNextCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("full")
		w := lines.NewWriter(func(string, []byte) error { return full }, lines.Options{Quiet: time.Second})
		w.Write([]byte("abc"))
		after(time.Second)
		if _, err := w.Write([]byte("x")); err != full {
			t.Errorf("write: %v", err)
		}
		if err := w.Close(); err != full {
			t.Errorf("close: %v", err)
		}
	})
}

func TestAPanicOfEmitInTheTimerIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := lines.NewWriter(func(string, []byte) error { panic("boom") }, lines.Options{Quiet: time.Second})
		w.Write([]byte("abc"))
		after(time.Second)
		if err := w.Close(); err == nil || !strings.Contains(err.Error(), "boom") {
			t.Error(err)
		}
	})
}
