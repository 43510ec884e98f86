package main

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"
)

// newLogger is the hub's log on w. The format auto is text on a terminal, where a person reads, and
// JSON elsewhere, where a program does (journald, Docker's log drivers, a collector). Colours only on
// a terminal, and not with NO_COLOR or TERM=dumb.
func newLogger(w io.Writer, cfg Config, env map[string]string) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	terminal := isTerminal(w)
	if cfg.LogFormat == "json" || cfg.LogFormat == "auto" && !terminal {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: durationsInWords}))
	}
	return slog.New(tint.NewTextHandler(w, &tint.Options{
		Level:      level,
		TimeFormat: textTime(terminal),
		NoColor:    !terminal || env["NO_COLOR"] != "" || env["TERM"] == "dumb",
	}))
}

// durationsInWords writes "12ms" in JSON too, where slog would count nanoseconds.
func durationsInWords(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
}

// textTime leaves the date away where a person watches; a file is read another day.
func textTime(terminal bool) string {
	if terminal {
		return "15:04:05.000"
	}
	return time.RFC3339
}

// isTerminal says whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
