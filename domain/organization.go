package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Organization is the state of one organization, as of an instant. It is a value: a
// change returns another Organization that shares structure with the one before, which
// stays as it was. It is small, so passing it on costs little. The zero value is an
// organization that does not exist: use only its Exists, Allows, At and Evolve.
type Organization struct {
	*state
	// at is the instant to which starts and ends are compared; the zero value is before all of them.
	at time.Time
	// atInstant is the same, in the form in which starts and ends are kept: a check compares many.
	atInstant instant
	// counting says what counts, compared to it.
	counting counting
	// unelevated is whose elevations do not count; empty for nobody.
	unelevated events.UserID
	// importing says that commands state what happened elsewhere: limits on how few holders
	// or how many members or levels of teams there may be do not refuse facts.
	importing bool
	// declaring says that commands are those of a declaration, which counts seats, and levels of
	// teams, as they will be after all of them.
	declaring bool
	// budget counts what a decision costs; nil outside of one.
	budget *budget
}

// state is what the events of one organization led to. Organizations share it, so only
// apply changes it, and only a copy that nobody else has.
type state struct {
	id      events.OrganizationID
	version events.Version
	last    time.Time
	// owner is the transient whose changes may alter this state; nil if nobody's may.
	owner *champ.Transient

	// created is the event that created the organization.
	created events.Origin
	// name and scheme are empty before the creation, and after the deletion.
	name   string
	scheme *Scheme
	// archived makes the organization read only.
	archived bool
	// seats is the organization's own limit; 0 is the scheme's.
	seats int

	members  champ.Map[events.UserID, Member]
	projects champ.Map[events.ProjectID, Project]
	teams    champ.Map[events.TeamID, Team]
	// ancestors finds the teams from which a team inherits, for those that inherit from any.
	ancestors champ.Map[events.TeamID, *ancestor]
	// teamNames finds teams by name without regard to case, in order. There are several only
	// in ledgers from the time when case made a difference.
	teamNames champ.Map[string, []events.TeamID]
	// invites are those that are open. One is never changed, only replaced.
	invites champ.Map[events.InviteID, *Invite]
	// closed are the invites that are not open any more, as far as they are kept.
	closed champ.Map[events.InviteID, ClosedInvite]
	// endedInvites are those of closed that may be forgotten, and those of invites of which it is recorded that they expired.
	endedInvites endOrder[events.InviteID]
	// inviting finds the invites that include a project.
	inviting champ.Map[events.ProjectID, champ.Map[events.InviteID, struct{}]]
	// addresses and invited find the member, or the pending invite, of an address.
	addresses champ.Map[events.AddressHash, events.UserID]
	invited   champ.Map[events.AddressHash, events.InviteID]
	// externalIDs find the member that has an id in another system.
	externalIDs champ.Map[events.ExternalIDHash, events.UserID]
	// invitees find the pending invite that is for somebody known.
	invitees champ.Map[events.UserID, events.InviteID]
	// removed are the events that removed people while there were invites or domains to join by: an invite that was
	// sent before does not bring its holder back, nor does a domain at once.
	removed champ.Map[events.UserID, events.Origin]
	// accessRequests are those that are open, and the closed ones that are kept; askers are who made them.
	accessRequests champ.Map[events.AccessRequestID, AccessRequest]
	// closedRequests are the closed ones that may be forgotten.
	closedRequests endOrder[events.AccessRequestID]
	askers         champ.Map[events.UserID, asker]
	// requested finds the open requests for access to a project; joinRequests counts those to join the organization.
	requested    champ.Map[events.ProjectID, champ.Map[events.AccessRequestID, struct{}]]
	joinRequests int
	// noticePreferences are those of members who have chosen, noticeDefaults hold for all others.
	noticePreferences champ.Map[events.UserID, noticePreferences]
	noticeDefaults    noticePreferences
	// emailDomains are those by which people join.
	emailDomains champ.Map[events.EmailDomain, EmailDomain]
	// locale is the language of mails to people of whom none is known; empty leaves it to the server.
	locale events.Locale
	// requestChoice says which requests the organization takes.
	requestChoice events.AccessRequestChoice
	// Each member is counted in one of four ways. deactivated counts those who are; ending are
	// the others whose membership has an end; starting are those of the rest of which it is not recorded
	// that it has started; holders counts all others by their role.
	deactivated int
	ending      champ.Map[events.UserID, struct{}]
	starting    champ.Map[events.UserID, struct{}]
	holders     champ.Map[events.RoleKey, int]
	// elevated are the members who have an elevation, also one that has ended and of which that is not recorded.
	elevated champ.Map[events.UserID, struct{}]
	// everywhere are the members whose role reaches every project, by that role, without elevations.
	everywhere champ.Map[events.RoleKey, champ.Map[events.UserID, struct{}]]
	// erased are the people whose data was erased, and who have not come back since.
	erased champ.Map[events.UserID, events.Origin]
	// forgottenInvites and forgottenRequests are what the last event let the state forget.
	forgottenInvites  []forgottenInvite
	forgottenRequests []events.AccessRequestID
	// imported outlives deletion, so that no history is taken in twice.
	imported champ.Map[string, uint64]
}

// editable returns the organization with a state that a change may alter: its own if
// the transient owns it, otherwise a copy.
func (o Organization) editable(transient *champ.Transient) Organization {
	if o.state != nil && transient.Owns(o.owner) {
		return o
	}
	var s state
	if o.state != nil {
		s = *o.state
	}
	s.owner = transient
	o.state = &s
	return o
}

// Exists reports whether the organization was created and not deleted since.
func (o Organization) Exists() bool { return o.state != nil && o.scheme != nil }

// Archived reports whether the organization is read only.
func (o Organization) Archived() bool { return o.archived }

// At returns the organization as it is at an instant: a membership, grant or assignment
// counts from its start until its end. Without At, or at the zero time, nothing has started later, and nothing
// has ended, but what is recorded to have.
func (o Organization) At(at time.Time) Organization {
	if o.state == nil {
		o.state = new(state)
	}
	o.at, o.atInstant = at, instantOf(at)
	return o
}

// ID returns the organization's id.
func (o Organization) ID() events.OrganizationID { return o.id }

// Name returns the organization's name.
func (o Organization) Name() string { return o.name }

// Scheme returns the rules in force; nil if the organization does not exist.
func (o Organization) Scheme() *Scheme { return o.scheme }

// Version returns the version of the last entry.
func (o Organization) Version() events.Version { return o.version }

// Last returns when the last entry happened.
func (o Organization) Last() time.Time { return o.last }

// Imported returns the last line that was taken in from a history; 0 for none.
func (o Organization) Imported(source string) uint64 {
	line, _ := o.imported.Get(source)
	return line
}

// Instant returns the instant given to [Organization.At]; the zero value is before
// every start and end.
func (o Organization) Instant() time.Time { return o.at }
