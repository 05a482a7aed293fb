package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/importer"
	"github.com/seed-2026d078/roster/natsserver"
	"github.com/seed-2026d078/roster/scheme"
)

// unreachableError says that a server which a verb needs does not run.
type unreachableError struct{ err error }

func (e *unreachableError) Error() string { return e.err.Error() }

func (e *unreachableError) Unwrap() error { return e.err }

// noAnswerError says that a question got no answer; its exit code is never that of no.
type noAnswerError struct{ err error }

func (e *noAnswerError) Error() string { return e.err.Error() }

func (e *noAnswerError) Unwrap() error { return e.err }

// errNo is an answer that was printed; its exit code is that of a refusal.
var errNo = errors.New("no")

// refusedError is a refusal of which no problem of the API tells.
type refusedError struct{ err error }

func (e *refusedError) Error() string { return e.err.Error() }

func (e *refusedError) Unwrap() error { return e.err }

// refused reports whether a rule, or what a file or the ledger holds, is the reason of an
// error. Everything else is a fault.
func refused(err error) bool {
	if p, ok := errors.AsType[*client.Problem](err); ok {
		return p.Status >= 400 && p.Status < 500 && p.Status != http.StatusBadRequest && p.Status != http.StatusUnauthorized
	}
	if line, ok := errors.AsType[*importer.LineError](err); ok {
		return line.Started // else the file cannot be read
	}
	return errors.As(err, new(*refusedError)) || errors.As(err, new(*scheme.Error)) ||
		errors.As(err, new(*bus.BrokenError)) || errors.As(err, new(*natsserver.StoreError))
}

// listedBy are the verbs that list what problems of the API name by its path.
var listedBy = map[string]string{
	"/v1/subscribers": "roster subscriber list",
	"/v1/replicas":    "roster replicas",
	"/v1/schemes":     "roster scheme list",
}

// inFlags puts flags in place of the fields of the API that a server names.
var inFlags = strings.NewReplacer("transfer_to", "--transfer-to", "set block_new", "give --block-new")

// withoutRequest returns the text of an error, with the server in place of the request to it: a command may make
// requests of which whoever gives it does not know.
func withoutRequest(err error) string {
	request, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err.Error()
	}
	to, fault := url.Parse(request.URL)
	if fault != nil {
		return err.Error()
	}
	return strings.Replace(err.Error(), request.Error(), fmt.Sprintf("the server at %s://%s cannot be reached: %s", to.Scheme, to.Host, request.Err), 1)
}

// failure returns what to print of an error, and the exit code.
func failure(err error) (text string, code int) {
	text, code = err.Error(), exitError
	if refused(err) {
		code = exitRefused
	}
	if _, ok := errors.AsType[*client.Problem](err); ok {
		text = inFlags.Replace(text)
	}
	if p, ok := errors.AsType[*client.Problem](err); ok && p.Status == http.StatusUnauthorized {
		text = "the server knows another key: show the one in the root.key of its data directory, with --key or ROSTER_KEY, or name that directory with --data"
	}
	if p, ok := errors.AsType[*client.Problem](err); ok && p.Code == "system_only" {
		text = "Only the system may do this, not a user: leave --actor (ROSTER_ACTOR) out."
	}
	if p, ok := errors.AsType[*client.Problem](err); ok && p.Code == "no_user" {
		text = "The system is no person: say who it is about, with --actor (ROSTER_ACTOR), or with --user where the command has it."
	}
	if p, ok := errors.AsType[*client.Problem](err); ok && p.Code == "no_team" {
		text += " A team is named by its id: roster team list --search NAME finds it."
	}
	if p, ok := errors.AsType[*client.Problem](err); ok && strings.Contains(p.Detail, "; see /v1/") {
		for path, verb := range listedBy {
			text = strings.ReplaceAll(text, "; see "+path+".", ": see `"+verb+"`.")
		}
	}
	if _, unanswered := errors.AsType[*noAnswerError](err); unanswered {
		code = exitError
	}
	if _, unreachable := errors.AsType[*client.UnreachableError](err); unreachable {
		text, code = withoutRequest(err)+": is the server running, and is --url right?", exitUnreachable
	}
	if _, unreachable := errors.AsType[*unreachableError](err); unreachable {
		code = exitUnreachable
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = printable(lines[i]) // a server may have worded it
	}
	return strings.Join(lines, "\n"), code
}
