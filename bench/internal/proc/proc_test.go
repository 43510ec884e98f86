//go:build linux

package proc

import (
	"os"
	"testing"
	"time"
)

func TestCPUTimeIsReadBehindACommandThatLooksLikeFields(t *testing.T) {
	const line = "42 (a) b (9 9) S 1 42 42 0 -1 4194560 2 0 0 0 250 125 7 8 20 0 5 0 100 1 1"
	got, err := parseStat(line)
	if want := 3750 * time.Millisecond; err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestBusyTimeLeavesOutIdleAndWaiting(t *testing.T) {
	const text = "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 1 1 1 1 1 1 1 1 1 1\ncpu1 100 20 30 5000 700 4 5 6 50 0\nintr 1\n"
	got, err := parseBusy(text, 1)
	if want := 1650 * time.Millisecond; err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if _, err := parseBusy(text, 2); err == nil {
		t.Error("no error for a CPU that is not there")
	}
}

func TestMemoryIsInBytes(t *testing.T) {
	const text = "00400000-7ffd ---p 00000000 00:00 0   [rollup]\nRss:    2048 kB\nPss:    1024 kB\nPss_Dirty:  7 kB\n"
	got, err := parseRollup(text)
	if want := (Memory{RSS: 2 << 20, PSS: 1 << 20}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestDamagedTextIsAnError(t *testing.T) {
	for _, text := range []string{"", "42 (a) S 1", "42 (a) S 1 2 3 4 5 6 7 8 9 10 x y"} {
		if _, err := parseStat(text); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
	if _, err := parseRollup("Rss: 1 kB\n"); err == nil {
		t.Error("no error for a rollup without Pss")
	}
}

func TestThisProcessHasMemoryAndTime(t *testing.T) {
	memory, err := MemoryOf(os.Getpid())
	if err != nil || memory.RSS < 1<<20 || memory.PSS < 1<<20 || memory.PSS > memory.RSS {
		t.Errorf("memory %+v, %v", memory, err)
	}
	if _, err := CPU(os.Getpid()); err != nil {
		t.Error(err)
	}
	if busy, err := Busy(0); err != nil || busy <= 0 {
		t.Errorf("busy %v, %v", busy, err)
	}
}
