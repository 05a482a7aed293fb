package projections

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Errors that callers tell apart.
var (
	// ErrUnavailable says that Postgres cannot be reached, or is busy restarting.
	ErrUnavailable = errors.New("the read models are out of reach, try again soon")
	// ErrTimeout says that Postgres ended a statement that took longer than its own settings
	// allow, such as statement_timeout.
	ErrTimeout = errors.New("the statement took longer than Postgres allows")
	// ErrNotFound says that there is no such row.
	ErrNotFound = errors.New("there is no such thing in the read models")
	// ErrBadCursor says that a page was asked for with a cursor that no page gave.
	ErrBadCursor = errors.New("the cursor is none that a page gave: take it from the page before, unchanged")
)

// DriftError says that a table is not what the ledger says it should be: somebody
// else has written to it, or a projector was wrong. Rebuild the read models.
type DriftError struct {
	Table string
	// Verb says what was to happen to Want rows; it happened to Got.
	Verb      string
	Want, Got int
}

func (e *DriftError) Error() string {
	return fmt.Sprintf("table %s has drifted from the ledger: %d rows were to be %s, it was %d; "+
		"make the read models anew with `roster rebuild`", e.Table, e.Want, e.Verb, e.Got)
}

// fault marks the errors that pass by themselves.
func fault(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, pgx.ErrNoRows):
		return ErrNotFound
	case timedOut(err):
		return fmt.Errorf("%w: %w", ErrTimeout, err)
	case passing(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return fmt.Errorf("read models: %w", err)
}

// timedOut reports whether Postgres itself ended a statement or its wait for a lock.
func timedOut(err error) bool {
	const canceled, lockNotAvailable = "57014", "55P03"
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (refused.Code == canceled || refused.Code == lockNotAvailable)
}

// starting reports whether Postgres takes no connections yet, or is recovering.
func starting(err error) bool {
	const cannotConnectNow = "57P03"
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refused.Code == cannotConnectNow
}

// passing reports whether an error comes from the connection, or from a server that
// is stopping, starting or full, rather than from what was asked of it.
func passing(err error) bool {
	var refused *pgconn.PgError
	var unconnected *pgconn.ConnectError
	var network *net.OpError
	switch {
	case errors.As(err, &refused):
		return !damaged(err) && (timedOut(err) || slices.Contains([]string{"08", "40", "53", "57", "58"}, refused.Code[:2]))
	case errors.As(err, &unconnected), errors.As(err, &network), pgconn.SafeToRetry(err):
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
