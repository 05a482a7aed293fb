package api

import (
	"fmt"
	"net/http"
)

// refusal is a rejection that no rule of the domain makes: the request itself is wrong, or
// the ledger or the database cannot answer it now.
type refusal struct {
	status int
	code   string
	detail string
}

func (r *refusal) Error() string { return r.detail }

// because returns the same refusal with another detail.
func (r *refusal) because(format string, args ...any) *refusal {
	return &refusal{r.status, r.code, fmt.Sprintf(format, args...)}
}

// limitError is a refusal that says after how many seconds the client may try again.
type limitError struct {
	*refusal

	retryAfter int
}

func (e *limitError) Unwrap() error { return e.refusal }

// Refusals of a request that is wrong.
var (
	errMalformed      = &refusal{http.StatusBadRequest, "malformed", "The request is not what this route takes; see the OpenAPI document."}
	errBadActor       = &refusal{http.StatusBadRequest, "bad_actor", "Roster-Actor names one user: 1 to 255 bytes of UTF-8 without control characters. Leave the header out to act as the system."}
	errBadOnBehalfOf  = &refusal{http.StatusBadRequest, "bad_on_behalf_of", "Roster-On-Behalf-Of names one user: 1 to 255 bytes of UTF-8 without control characters. Leave the header out where the actor asks for nobody else."}
	errNoKey          = &refusal{http.StatusUnauthorized, "no_key", "Send the root key: Authorization: Bearer KEY."}
	errSystemOnly     = &refusal{http.StatusForbidden, "system_only", "Only the system may do this, not a user: leave Roster-Actor out."}
	errNotYours       = &refusal{http.StatusForbidden, "not_yours", "This belongs to another user; nobody but they and the system see it."}
	errNoRoute        = &refusal{http.StatusNotFound, "no_route", "There is nothing at this address; see the OpenAPI document."}
	errNoUser         = &refusal{http.StatusUnprocessableEntity, "no_user", "The system is no person: name who it is about in user, or in Roster-Actor."}
	errUnknownScheme  = &refusal{http.StatusUnprocessableEntity, "unknown_scheme", "The request names a scheme that does not exist; see /v1/schemes."}
	errUnknownPerson  = &refusal{http.StatusNotFound, "unknown_person", "Nothing is known of this person in any organization."}
	errUnknownSubject = &refusal{http.StatusUnprocessableEntity, "unknown_subject", "The history of the organization has nothing of what the request names."}
	errBadEmail       = &refusal{http.StatusUnprocessableEntity, "bad_email", "An email address has the form name@example.org."}
	errAmbiguousName  = &refusal{http.StatusUnprocessableEntity, "ambiguous_name", "Several members, or projects, have the name by which the declaration names one; name them by id."}
	errBadAvatar      = &refusal{http.StatusUnprocessableEntity, "bad_avatar", "An avatar is the https or http URL of a picture, without a user name in it, of at most 2048 bytes."}
	errBadMetadata    = &refusal{http.StatusUnprocessableEntity, "bad_metadata", "An entry of metadata has a key of 1 to 64 bytes and a text of at most 256, both UTF-8 without control characters."}
	errNoNotification = &refusal{http.StatusNotFound, "no_notification", "This user has no such notification."}
	errBadCursor      = &refusal{http.StatusBadRequest, "bad_cursor", "The cursor is none that a page gave; take it from the page before, unchanged."}
	errNoScheme       = &refusal{http.StatusNotFound, "no_scheme", "There is no scheme with this key; see /v1/schemes."}
	errNoProblem      = &refusal{http.StatusNotFound, "no_such_problem", "There is no problem with this code; see /problems."}
	errNoEvent        = &refusal{http.StatusNotFound, "no_event", "There is no such event."}
	errNoDeadMail     = &refusal{http.StatusNotFound, "no_dead_mail", "There is no such mail that could not be sent; see /v1/mail/dead-letters."}
	errNoFeed         = &refusal{http.StatusConflict, "no_feed", "This server publishes no feed; start it with --feed."}
	errBadMethod      = &refusal{http.StatusMethodNotAllowed, "method_not_allowed", "This address takes other methods; see the Allow header."}
	errTooLarge       = &refusal{http.StatusRequestEntityTooLarge, "too_large", "The request is too large; send less at once."}
	errMediaType      = &refusal{http.StatusUnsupportedMediaType, "unsupported_media_type", "Send the body as JSON, with Content-Type: application/json."}
	errBadTable       = &refusal{http.StatusBadRequest, "bad_table", "The CSV is not one that this route takes, so nothing of it was used; the detail says in which line and column, and what to do."}
	errDuplicate      = &refusal{http.StatusUnprocessableEntity, "duplicate_address", "The list has the same address twice; leave one out."}
)

// Refusals by the state of the ledger and the read models.
var (
	errCannotLeave  = &refusal{http.StatusConflict, "cannot_leave", "The person cannot leave every organization, so none was left: errors names each that refuses, and what must happen there first."}
	errCannotErase  = &refusal{http.StatusConflict, "cannot_erase", "The person cannot leave every organization, so nothing was erased: errors names each that refuses, and what must happen there first."}
	errLeftInPart   = &refusal{http.StatusConflict, "left_in_part", "An organization refused after others were left; errors says why."}
	errStale        = &refusal{http.StatusPreconditionFailed, "stale_version", "The organization has moved on; read it again, then decide again."}
	errContended    = &refusal{http.StatusConflict, "contended", "Others kept writing first: nothing was recorded, try again."}
	errKeyReused    = &refusal{http.StatusUnprocessableEntity, "key_reused", "The idempotency key was used for another command; use a new key for a new command."}
	errUnavailable  = &refusal{http.StatusServiceUnavailable, "ledger_unavailable", "The ledger cannot be reached; repeat the command under the same idempotency key, it takes effect once."}
	errNoSpace      = &refusal{http.StatusServiceUnavailable, "no_space", "The disk of the ledger is full, so nothing was recorded. Whoever runs Roster must make room; commands go on by themselves then, and what only reads goes on meanwhile."}
	errNotWritable  = &refusal{http.StatusServiceUnavailable, "not_writable", "The ledger cannot be written to its disk, so nothing was recorded. Whoever runs Roster must look at the disk, and at the log; what only reads goes on meanwhile."}
	errNoDatabase   = &refusal{http.StatusServiceUnavailable, "database_unavailable", "The read models cannot be reached; commands and checks go on, try lists again in a moment."}
	errDamaged      = &refusal{http.StatusServiceUnavailable, "read_models_damaged", "PostgreSQL cannot read what it is to answer from. The read models are made anew from the ledger; if that does not help, whoever runs Roster finds what to do in /readyz, with the root key. Commands and checks go on."}
	errTimeout      = &refusal{http.StatusServiceUnavailable, "timeout", "The question took longer than its limit; ask for less, or try again later."}
	errBehind       = &refusal{http.StatusServiceUnavailable, "behind", "The position asked for has not come in yet; try again in a moment."}
	errBusy         = &refusal{http.StatusServiceUnavailable, "busy", "Others are asking what costs much: the past, a report or a dry run; try again in a moment."}
	errNoDNS        = &refusal{http.StatusServiceUnavailable, "dns_unavailable", "The DNS does not answer for the record that proves whose the domain is; try again later."}
	errClock        = &refusal{http.StatusServiceUnavailable, "clock", "The clock of the server cannot be trusted, so no command is decided; questions are answered. Set the machine's clock right, or accept it."}
	errInterrupted  = &refusal{http.StatusServiceUnavailable, "interrupted", "The request ended before its answer; repeat a command under the same idempotency key."}
	errKeyMissing   = &refusal{http.StatusInternalServerError, "key_missing", "A key to personal data is missing or damaged, so the answer would lack it. Whoever runs Roster must bring back the newest copy of the ledger and its keys; /readyz says with the root key whose it is."}
	errFault        = &refusal{http.StatusInternalServerError, "fault", "Something broke inside; the log tells more under the request's id."}
	errNotDecidable = &refusal{http.StatusUnprocessableEntity, "event_too_large", "The command leads to more events than one message holds; split it into several."}
)

// Refusals about who may read the feed.
var (
	errBadSubscriber       = &refusal{http.StatusUnprocessableEntity, "bad_subscriber", "A subscriber's name is a small letter, and up to 31 more small letters, digits and underscores."}
	errBadPublicKey        = &refusal{http.StatusUnprocessableEntity, "bad_public_key", "The public key of a subscriber is the public NKey of a user: it begins with U. Leave it out, and Roster makes one."}
	errUnknownOrganization = &refusal{http.StatusUnprocessableEntity, "unknown_organization", "There is no organization that the request names."}
	errSubscriberExists    = &refusal{http.StatusConflict, "subscriber_exists", "There is a subscriber with this name; choose another one, or rotate its key."}
	errPublicKeyTaken      = &refusal{http.StatusConflict, "public_key_taken", "A subscriber has this public key; make another one."}
	errTooManySubscribers  = &refusal{http.StatusConflict, "too_many_subscribers", "There are at most 1000 subscribers, and a subscriber names at most 200 organizations. Revoke one, or name no organization, which means all."}
	errNoSubscriber        = &refusal{http.StatusNotFound, "no_subscriber", "There is no subscriber with this name; see /v1/subscribers."}
	errNoDeadLetter        = &refusal{http.StatusNotFound, "no_dead_letter", "The subscriber has no dead letter with this number: list them, as one gets another number when it is to be tried again, and when that was in vain."}
	errNoReplica           = &refusal{http.StatusNotFound, "no_replica", "There is no such replica; see /v1/replicas."}
	errReplicaReports      = &refusal{http.StatusConflict, "replica_reports", "The replica has reported within 15 seconds, so it is not gone: end it, and then forget it."}
	errNoSubscribers       = &refusal{http.StatusServiceUnavailable, "subscribers_unavailable", "The NATS server with the subscribers cannot be reached; try again in a moment."}
)

// Refusals of those who take more than their share.
var (
	errTooManyRequests = &refusal{http.StatusTooManyRequests, "too_many_requests", "More requests have come than one actor, or the members of one organization, may send; go on more slowly."}
	errBadUnsubscribe  = &refusal{http.StatusNotFound, "bad_unsubscribe_token", "This link is not one of a mail, or is not whole."}
	errWrongTokens     = &refusal{http.StatusTooManyRequests, "wrong_tokens", "Too many wrong tokens of invites have come from this address; try again in a moment. Who sends them for others says in client whose they are."}
	errTooManyAtOnce   = &refusal{http.StatusConflict, "too_many_at_once", "The person is in more organizations than are changed in one step; change them one by one."}
	errTooManyStreams  = &refusal{http.StatusTooManyRequests, "too_many_streams", "As many event streams are open as may be; close one, or try again in a moment."}
)

// refusals lists every refusal of this package, for documentation.
func refusals() []*refusal {
	return []*refusal{
		errMalformed, errBadActor, errBadOnBehalfOf, errNoKey, errSystemOnly, errNotYours, errNoRoute, errNoUser, errUnknownScheme, errUnknownPerson, errUnknownSubject, errBadEmail, errAmbiguousName, errBadAvatar, errBadMetadata, errNoNotification, errBadCursor, errNoScheme, errNoProblem, errNoEvent, errNoDeadMail, errNoFeed, errBadMethod, errTooLarge, errMediaType, errBadTable, errDuplicate,
		errCannotLeave, errCannotErase, errLeftInPart, errStale, errContended, errKeyReused, errUnavailable, errNoSpace, errNotWritable, errNoDatabase, errDamaged, errTimeout, errBehind, errBusy, errNoDNS, errClock, errInterrupted, errKeyMissing, errFault, errNotDecidable,
		errBadSubscriber, errBadPublicKey, errUnknownOrganization, errSubscriberExists, errPublicKeyTaken, errTooManySubscribers, errNoSubscriber, errNoDeadLetter, errNoReplica, errReplicaReports, errNoSubscribers,
		errTooManyRequests, errTooManyAtOnce, errBadUnsubscribe, errWrongTokens, errTooManyStreams,
	}
}
