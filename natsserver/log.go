package natsserver

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"

	"golang.org/x/time/rate"
)

// serverLog writes the server's log to a logger. Notices, such as those about the
// start, are logged as debug. Clients can cause warnings and errors, such as whenever they send what they may not; so that
// these do not fill the disk, some are left out if there are many.
type serverLog struct {
	to      *slog.Logger
	limit   *rate.Limiter
	leftOut *atomic.Int64 // since the last that was written
}

func newServerLog(to *slog.Logger) serverLog {
	return serverLog{to, rate.NewLimiter(20, 500), new(atomic.Int64)}
}

func (l serverLog) Noticef(format string, v ...any) { l.debug(format, v) }
func (l serverLog) Debugf(format string, v ...any)  { l.debug(format, v) }
func (l serverLog) Tracef(format string, v ...any)  { l.debug(format, v) }
func (l serverLog) Warnf(format string, v ...any)   { l.limited(slog.LevelWarn, format, v) }
func (l serverLog) Errorf(format string, v ...any)  { l.limited(slog.LevelError, format, v) }

func (l serverLog) Fatalf(format string, v ...any) {
	l.to.Error("nats", "says", fmt.Sprintf(format, v...))
}

func (l serverLog) debug(format string, v []any) {
	l.to.Debug("nats", "says", fmt.Sprintf(format, v...))
}

func (l serverLog) limited(level slog.Level, format string, v []any) {
	if !l.limit.Allow() {
		l.leftOut.Add(1)
		return
	}
	about := []any{"says", fmt.Sprintf(format, v...)}
	if n := l.leftOut.Swap(0); n > 0 {
		about = append(about, "left_out", n)
	}
	l.to.Log(context.Background(), level, "nats", about...)
}
