package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func logged(format string, env map[string]string) string {
	var b bytes.Buffer
	cfg := Default()
	cfg.LogFormat = format
	newLogger(&b, cfg, env).Info("listening", "addr", "127.0.0.1:8002")
	return b.String()
}

func TestLogsForProgramsAreJSONUnlessAskedForText(t *testing.T) {
	for _, format := range []string{"auto", "json"} {
		if got := logged(format, nil); !strings.HasPrefix(got, `{"time":"`) || !strings.Contains(got, `"addr":"127.0.0.1:8002"`) {
			t.Errorf("%s: %s", format, got)
		}
	}
	if got := logged("text", nil); strings.Contains(got, "\x1b") || !strings.HasSuffix(got, "INF listening addr=127.0.0.1:8002\n") {
		t.Errorf("text: %q", got)
	}
}

func TestLogsOnATerminalAreColouredText(t *testing.T) {
	for _, tt := range []struct {
		env    map[string]string
		colour bool
	}{{nil, true}, {map[string]string{"NO_COLOR": "1"}, false}, {map[string]string{"TERM": "dumb"}, false}} {
		terminal, screen := openTerminal(t)
		newLogger(terminal, Default(), tt.env).Info("listening")
		buf := make([]byte, 1024)
		n, err := screen.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got := string(buf[:n])
		if strings.HasPrefix(got, "{") || !strings.Contains(got, "listening") || strings.Contains(got, "\x1b[") != tt.colour {
			t.Errorf("%v: %q", tt.env, got)
		}
	}
}

func TestDurationsAreWordsInJSONToo(t *testing.T) {
	var b bytes.Buffer
	newLogger(&b, Default(), nil).Info("up", "took", 12*time.Millisecond)
	if !strings.Contains(b.String(), `"took":"12ms"`) {
		t.Error(b.String())
	}
}

func TestTheLogsLevel(t *testing.T) {
	var b bytes.Buffer
	cfg := Default()
	cfg.LogLevel = "error"
	log := newLogger(&b, cfg, nil)
	log.Warn("quiet")
	log.Error("loud")
	if strings.Contains(b.String(), "quiet") || !strings.Contains(b.String(), "loud") {
		t.Error(b.String())
	}
}

// openTerminal gives a terminal and the far side on which a person would see what is written.
func openTerminal(t *testing.T) (terminal, screen *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	if err := unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	return terminal, screen
}
