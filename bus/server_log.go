package bus

import (
	"fmt"
	"log/slog"
)

// serverLog passes the server's log on. Its notices are an operator's detail here.
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

func logOrDiscard(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
