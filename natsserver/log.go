package natsserver

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/nats-io/nats-server/v2/server"
	"golang.org/x/time/rate"
)

// serverLog writes the server's log to a logger. Notices, such as those about the
// start, are logged as debug. Clients can cause warnings and errors, such as whenever they send what they may not; so that
// these do not fill the disk, some are left out if there are many.
type serverLog struct {
	to *slog.Logger
	// refused are those about clients that do not get in, caused all others.
	caused, refused *boundedLog
}

func newServerLog(to *slog.Logger) serverLog {
	return serverLog{to, &boundedLog{limit: rate.NewLimiter(20, 500)}, &boundedLog{limit: rate.NewLimiter(0.1, 10)}}
}

func (l serverLog) Noticef(format string, v ...any) { l.debug(format, v) }
func (l serverLog) Debugf(format string, v ...any)  { l.debug(format, v) }
func (l serverLog) Tracef(format string, v ...any)  { l.debug(format, v) }
func (l serverLog) Warnf(format string, v ...any)   { l.caused.write(l.to, slog.LevelWarn, format, v) }

// Errorf logs as a warning that a client did not get in: it does not trust the certificate, or its credentials are not good, as after it was revoked, and
// the server is not in error. Such a client comes again and again, so one in ten seconds is logged, after the first ten.
func (l serverLog) Errorf(format string, v ...any) {
	if text := fmt.Sprintf(format, v...); strings.Contains(text, "TLS handshake error") || strings.Contains(text, server.ErrAuthentication.Error()) {
		l.refused.write(l.to, slog.LevelWarn, format, v)
		return
	}
	l.caused.write(l.to, slog.LevelError, format, v)
}

func (l serverLog) Fatalf(format string, v ...any) {
	l.to.Error("nats", "says", fmt.Sprintf(format, v...))
}

func (l serverLog) debug(format string, v []any) {
	l.to.Debug("nats", "says", fmt.Sprintf(format, v...))
}

// boundedLog leaves out what comes too often, and says how much.
type boundedLog struct {
	limit   *rate.Limiter
	leftOut atomic.Int64 // since the last that was written
}

func (b *boundedLog) write(to *slog.Logger, level slog.Level, format string, v []any) {
	if !b.limit.Allow() {
		b.leftOut.Add(1)
		return
	}
	about := []any{"says", fmt.Sprintf(format, v...)}
	if n := b.leftOut.Swap(0); n > 0 {
		about = append(about, "left_out", n)
	}
	to.Log(context.Background(), level, "nats", about...)
}
