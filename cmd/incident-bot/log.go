package main

import (
	"io"
	"time"

	"github.com/rs/zerolog"
)

// newLogger writes one JSON object a line, or lines for people. Times are UTC with milliseconds; zerolog's own
// timestamp takes its format from a package variable, which is not ours to change.
func newLogger(w io.Writer, c config) zerolog.Logger {
	if c.console {
		w = zerolog.ConsoleWriter{Out: w, TimeFormat: time.StampMilli, NoColor: true}
	}
	w = zerolog.SyncWriter(w)
	return zerolog.New(w).Level(c.level).Hook(zerolog.HookFunc(stamp))
}

func stamp(e *zerolog.Event, _ zerolog.Level, _ string) {
	e.Str(zerolog.TimestampFieldName, time.Now().UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}
