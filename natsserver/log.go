package natsserver

import (
	"fmt"
	"log/slog"
)

// serverLog writes the server's log to a logger. Notices, such as those about the
// start, are logged as debug.
type serverLog struct{ to *slog.Logger }

func (l serverLog) Noticef(format string, v ...any) {
	l.to.Debug("nats", "says", fmt.Sprintf(format, v...))
}

func (l serverLog) Debugf(format string, v ...any) {
	l.to.Debug("nats", "says", fmt.Sprintf(format, v...))
}

func (l serverLog) Tracef(format string, v ...any) {
	l.to.Debug("nats", "says", fmt.Sprintf(format, v...))
}

func (l serverLog) Warnf(format string, v ...any) {
	l.to.Warn("nats", "says", fmt.Sprintf(format, v...))
}

func (l serverLog) Errorf(format string, v ...any) {
	l.to.Error("nats", "says", fmt.Sprintf(format, v...))
}

func (l serverLog) Fatalf(format string, v ...any) {
	l.to.Error("nats", "says", fmt.Sprintf(format, v...))
}
