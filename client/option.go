package client

import (
	"net/http"
	"time"
)

// Option changes how requests are made: all of a client's, when it is given to [New],
// or one.
type Option func(*settings)

// settings are what options change.
type settings struct {
	http     *http.Client
	attempts int
	pageSize int

	actor, onBehalfOf, key, cause string

	version     uint64
	position    uint64
	occurredAt  time.Time
	dryRun      *DryRun
	dryRunAfter string
	after       string
	csv         []byte
}

// As makes a request by a user, with their rights. Without it, or with an empty
// name, the request is the system's.
func As(user string) Option { return func(s *settings) { s.actor = user } }

// OnBehalfOf records for whom the actor gives a command, such as the customer whom a support agent
// helps. It gives no rights: those are the actor's. Without it, or with an empty name, it is for nobody else.
func OnBehalfOf(user string) Option { return func(s *settings) { s.onBehalfOf = user } }

// HTTP sends requests with another HTTP client than [http.DefaultClient]. A timeout of
// it ends streams, too.
func HTTP(h *http.Client) Option { return func(s *settings) { s.http = h } }

// Attempts is how often a request is sent at most until it is answered; 5 without this
// option. See the package's comment for what is sent again.
func Attempts(n int) Option { return func(s *settings) { s.attempts = max(n, 1) } }

// PageSize is how many items of a list are fetched at once, at most 200; the server
// decides without it.
func PageSize(n int) Option { return func(s *settings) { s.pageSize = n } }

// IdempotencyKey makes a command safe to give again, by another process as well: within
// 24 hours the same command with the same key takes effect once, and is answered the
// same. Without it each call has a key of its own, under which it is sent again.
func IdempotencyKey(key string) Option { return func(s *settings) { s.key = key } }

// IfVersion refuses a command unless the organization still has this version; zero
// allows every version. The refusal is a [Problem] with the status 412.
func IfVersion(version uint64) Option { return func(s *settings) { s.version = version } }

// OccurredAt says when in the past a command happened; only the system may.
func OccurredAt(t time.Time) Option { return func(s *settings) { s.occurredAt = t } }

// Cause is recorded with the events of a command.
func Cause(text string) Option { return func(s *settings) { s.cause = text } }

// AtLeast makes an answer at least as new as a position, beside those that the client
// has seen itself. It is for positions that another process learned.
func AtLeast(position uint64) Option {
	return func(s *settings) { s.position = max(s.position, position) }
}

// AsDryRun makes a command a dry run: nothing changes, and what the command would do is
// written to would. The receipt that a method returns is empty; [Client.Call] fills one that it is given with what the answer has besides.
func AsDryRun(would *DryRun) Option { return func(s *settings) { s.dryRun = would } }

// DryRunAfter makes a dry run list the changes behind those of the answer with this Next. It
// goes with [AsDryRun] and the same command.
func DryRunAfter(next string) Option { return func(s *settings) { s.dryRunAfter = next } }

// CSV sends a table as the body of an operation that takes text/csv, such as invite_members. The arguments, other than those in the path,
// are the query then.
func CSV(table []byte) Option { return func(s *settings) { s.csv = table } }

// ResumeAfter begins a stream behind the update that had this cursor.
func ResumeAfter(cursor string) Option { return func(s *settings) { s.after = cursor } }
