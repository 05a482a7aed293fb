package domain

import (
	"fmt"
)

// Kind groups rejections by what the caller can do about them.
type Kind uint8

// The kinds of rejection.
const (
	// NotFound means that a thing does not exist, or is not visible to the actor.
	NotFound Kind = iota + 1
	// NotAllowed means that the thing is visible, but the actor may not do this.
	NotAllowed
	// Conflict means that a rule forbids the command in the present state.
	Conflict
	// Meaningless means that the command names something impossible, such as a role that
	// the scheme lacks.
	Meaningless
)

// Rejection is the error of a command that a rule forbids. It is expected and safe to
// show. Compare with errors.Is, which compares codes.
type Rejection struct {
	Kind Kind
	// Code is stable, such as last_holder.
	Code string
	// Detail is an English sentence for people; it may change.
	Detail string
}

func (r *Rejection) Error() string { return r.Detail }

// Is reports whether target is a rejection with the same code.
func (r *Rejection) Is(target error) bool {
	other, ok := target.(*Rejection)
	return ok && other.Code == r.Code
}

// Because returns the same rejection with another detail, which may name the case.
func (r *Rejection) Because(format string, args ...any) *Rejection {
	return &Rejection{r.Kind, r.Code, fmt.Sprintf(format, args...)}
}

// Rejections lists every rejection that a rule can return, for documentation.
func Rejections() []*Rejection {
	return []*Rejection{
		ErrNoOrganization, ErrNoProject, ErrNoTeam, ErrNoInvite, ErrNoMember, ErrNoMembers,
		ErrNotAllowed, ErrMayNotAssign, ErrOccurredAt, ErrTooManyOrganizations,
		ErrOrganizationExists, ErrProjectExists, ErrTeamExists, ErrTeamNameTaken, ErrInviteExists,
		ErrAlreadyMember, ErrAlreadyOnProject, ErrAlreadyInTeam, ErrAlreadyAssigned, ErrAlreadyInvited, ErrAddressTaken, ErrExternalIDTaken,
		ErrNotOnProject, ErrOnlyThroughTeam, ErrNotInTeam, ErrNotAssigned, ErrNotInOrganization,
		ErrInviteExpired, ErrInviteVoid, ErrInviteClosed, ErrOtherAddress, ErrOtherUser, ErrBadBind, ErrProjectTwice, ErrTeamTwice, ErrLastHolder, ErrTeamsOff, ErrTeamsFlat, ErrTeamCycle, ErrTeamTooDeep, ErrTeamHasChildren,
		ErrBadID, ErrBadName, ErrBadTime, ErrUnknownRole, ErrUnknownPermission, ErrBadPrivacy,
		ErrTooMany, ErrOverBudget, ErrDeclaredTwice, ErrOtherScheme, ErrHistoryOrder,
		ErrOrganizationArchived, ErrProjectArchived, ErrProtected, ErrNoSeat, ErrSeatsInUse, ErrHasStarted, ErrMembershipEnds, ErrHasHolder, ErrOwnAccess,
		ErrNoOwnLevels, ErrOverridesOff, ErrOverrideDirection, ErrBypasses, ErrLinksOff, ErrNoLink, ErrDefaultRoles,
		ErrCustomRolesOff, ErrRoleExists, ErrRoleNameTaken, ErrTooManyRoles, ErrRoleHeld, ErrBuiltInRole, ErrSchemeRoles, ErrSchemeTeams,
		ErrNoEmailDomain, ErrNotProven, ErrTooManyEmailDomains, ErrBadEmailDomain, ErrBadJoinMode, ErrNoAccessRequest, ErrOwnAccessRequest, ErrAccessRequestExists, ErrAccessRequestClosed, ErrAlreadyRequested, ErrTooManyAccessRequests, ErrNoAccessRequests, ErrHasAccess, ErrMoreThanRequested, ErrBadIntake, ErrBadNoticePreference, ErrBadLocale,
		ErrNoElevation, ErrAlreadyElevated, ErrElevationTooLong, ErrReasonRequired, ErrOnlyElevated,
		ErrBadStart, ErrBadEnd, ErrBadColour, ErrBadSeats, ErrBadRank, ErrTooMuchMetadata,
	}
}

// What is not there, or not visible to the actor.
var (
	ErrNoOrganization  = &Rejection{NotFound, "no_organization", "There is no such organization, or you are not in it."}
	ErrNoProject       = &Rejection{NotFound, "no_project", "There is no such project, or you are not on it."}
	ErrNoTeam          = &Rejection{NotFound, "no_team", "There is no such team, or you may not see it."}
	ErrNoInvite        = &Rejection{NotFound, "no_invite", "There is no such open invite, or the token is not the one that was sent."}
	ErrNoMember        = &Rejection{NotFound, "no_member", "There is no such member in the organization."}
	ErrNoEmailDomain   = &Rejection{NotFound, "no_email_domain", "Nobody joins by this domain; set it first."}
	ErrNoAccessRequest = &Rejection{NotFound, "no_access_request", "There is no such request for access, or you may not decide on it."}
	ErrNoMembers       = &Rejection{NotFound, "no_members", "There is no such member list, or you may not see it."}
)

// What this actor may not do.
var (
	ErrNotAllowed       = &Rejection{NotAllowed, "not_allowed", "Your role does not allow this; ask somebody whose role does."}
	ErrMayNotAssign     = &Rejection{NotAllowed, "may_not_assign", "Nobody gives or takes a role ranked above their own, nor one that the scheme reserves for others."}
	ErrOwnAccessRequest = &Rejection{NotAllowed, "own_access_request", "Nobody decides on their own request; ask somebody else who may add people."}
	ErrNoElevation      = &Rejection{NotAllowed, "no_elevation", "The organization's scheme lets nobody with your role ask for this one for a time."}
	ErrOnlyElevated     = &Rejection{NotAllowed, "only_elevated", "What you have yourself, and the rules, you change only as far as you may without your elevation; ask somebody else."}
	ErrOccurredAt       = &Rejection{NotAllowed, "may_not_state_time", "Only the system actor may state when something happened; leave occurred_at out."}

	ErrTooManyOrganizations = &Rejection{NotAllowed, "too_many_organizations", "You have created as many organizations as one may; delete one, or ask whoever runs Roster."}
)

// What a rule forbids in the present state.
var (
	ErrOrganizationExists    = &Rejection{Conflict, "organization_exists", "An organization with this id exists; choose another id."}
	ErrProjectExists         = &Rejection{Conflict, "project_exists", "A project with this id exists; choose another id."}
	ErrTeamExists            = &Rejection{Conflict, "team_exists", "A team with this id exists; choose another id."}
	ErrTeamNameTaken         = &Rejection{Conflict, "team_name_taken", "Another team of the organization has this name; choose another name."}
	ErrInviteExists          = &Rejection{Conflict, "invite_exists", "There is an invite with this id, or was one; choose another id."}
	ErrAlreadyMember         = &Rejection{Conflict, "already_member", "This person is a member already, and what was sent differs from what is there; change what differs instead."}
	ErrAlreadyOnProject      = &Rejection{Conflict, "already_on_project", "This member is on the project already, with another role; change the role instead."}
	ErrAlreadyInTeam         = &Rejection{Conflict, "already_in_team", "This member is in the team already, with another role; change the role instead."}
	ErrAlreadyAssigned       = &Rejection{Conflict, "already_assigned", "The team is on the project already, with another role; change the assignment instead."}
	ErrAlreadyInvited        = &Rejection{Conflict, "already_invited", "This person has been invited, and the invite has neither expired nor become void; send that one again, change it, or revoke it first."}
	ErrAddressTaken          = &Rejection{Conflict, "address_taken", "A member of the organization has this address already."}
	ErrExternalIDTaken       = &Rejection{Conflict, "external_id_taken", "A member of the organization has this external id already."}
	ErrNotOnProject          = &Rejection{Conflict, "not_on_project", "This person is not on the project; add them to the project first."}
	ErrOnlyThroughTeam       = &Rejection{Conflict, "only_through_team", "This person is on the project through a team alone; take them out of the team, or the team off the project."}
	ErrNotInTeam             = &Rejection{Conflict, "not_in_team", "This person is not in the team; add them to the team first."}
	ErrNotAssigned           = &Rejection{Conflict, "not_assigned", "The team is not assigned to the project; assign it first."}
	ErrNotInOrganization     = &Rejection{Conflict, "not_in_organization", "This person is not in the organization; invite them to the organization first."}
	ErrInviteExpired         = &Rejection{Conflict, "invite_expired", "The invite has expired; ask for a new one."}
	ErrInviteVoid            = &Rejection{Conflict, "invite_void", "What the invite offers is gone, or who sent it may no longer give it; ask for a new one."}
	ErrInviteClosed          = &Rejection{Conflict, "invite_closed", "The invite was revoked; ask for another one."}
	ErrOtherAddress          = &Rejection{Conflict, "other_address", "The invite is for another address: show the one that it was sent to, as a verified one of the person, or ask for an invite to the address that they have."}
	ErrOtherUser             = &Rejection{Conflict, "other_user", "The invite is for another person: sign in as whom it is for, or ask for an invite of your own."}
	ErrAccessRequestExists   = &Rejection{Conflict, "access_request_exists", "A request for access with this id exists; choose another id."}
	ErrAccessRequestClosed   = &Rejection{Conflict, "access_request_closed", "The request is closed already; ask again if access is needed."}
	ErrAlreadyRequested      = &Rejection{Conflict, "already_requested", "This person has asked for that already, and nobody has decided; wait, or withdraw the request first."}
	ErrTooManyAccessRequests = &Rejection{Conflict, "too_many_access_requests", "Somebody asks at most 10 times in 24 hours and has at most 10 open requests; 1,000 people at most wait to join an organization. Wait until some are decided."}
	ErrNoAccessRequests      = &Rejection{Conflict, "no_access_requests", "The organization takes no such requests; ask somebody who may add people."}
	ErrHasAccess             = &Rejection{Conflict, "has_access", "This person has access already; ask somebody who may change roles."}
	ErrAlreadyElevated       = &Rejection{Conflict, "already_elevated", "This person is elevated there already; wait until it ends, or end it first."}
	ErrMoreThanRequested     = &Rejection{Conflict, "more_than_requested", "This is more than was asked for; approve what was asked for, or less, and change it afterwards."}
	ErrNotProven             = &Rejection{Conflict, "not_proven", "The DNS does not have the record that proves that the domain is the organization's; publish it, wait until it is seen, and try again."}
	ErrTooManyEmailDomains   = &Rejection{Conflict, "too_many_email_domains", "People join an organization by at most 100 domains; remove one."}
	ErrLastHolder            = &Rejection{Conflict, "last_holder", "The last holder of this role stays; give the role to somebody else first."}
	ErrTeamsOff              = &Rejection{Conflict, "teams_off", "The organization's scheme has no teams; create organizations that need them under another one, such as github."}
	ErrTeamsFlat             = &Rejection{Conflict, "teams_flat", "The organization's scheme does not nest teams; leave the parent out."}
	ErrTeamCycle             = &Rejection{Conflict, "team_cycle", "A team cannot stand below itself; choose another parent."}
	ErrTeamTooDeep           = &Rejection{Conflict, "team_too_deep", "Teams would nest deeper than teams.max_depth of the organization's scheme allows; choose a parent further up."}
	ErrTeamHasChildren       = &Rejection{Conflict, "team_has_children", "The team has teams below it; move or remove them first."}
	ErrOrganizationArchived  = &Rejection{Conflict, "organization_archived", "The organization is archived and read only; restore it first."}
	ErrProjectArchived       = &Rejection{Conflict, "project_archived", "The project is archived and read only; restore it first."}
	ErrProtected             = &Rejection{Conflict, "protected", "This person is protected: nobody removes or changes them."}
	ErrSeatsInUse            = &Rejection{Conflict, "seats_in_use", "More seats are in use; remove members or revoke invites first, or set block_new."}
	ErrNoSeat                = &Rejection{Conflict, "no_free_seat", "There is no free seat; get more seats, or free some first."}
	ErrHasStarted            = &Rejection{Conflict, "has_started", "It has started, so its start stays; end it instead, and add it again with another start."}
	ErrMembershipEnds        = &Rejection{Conflict, "membership_ends", "Ownership, of the organization or of a project, passes on to a member who is active and whose membership has no end."}
	ErrHasHolder             = &Rejection{Conflict, "has_holder", "Somebody who is active has each role that must be held on this project; ask them."}
	ErrOwnAccess             = &Rejection{Conflict, "own_access", "Nobody attests their own access; ask somebody else to review it."}
	ErrNoOwnLevels           = &Rejection{Conflict, "no_own_levels", "Holders of this role carry no levels of their own; choose another role, or leave the levels out."}
	ErrOverridesOff          = &Rejection{Conflict, "overrides_off", "The organization's scheme has no overrides; change the role instead."}
	ErrOverrideDirection     = &Rejection{Conflict, "override_direction", "The organization's scheme lets overrides change levels in one direction only."}
	ErrBypasses              = &Rejection{Conflict, "bypasses", "This person's role bypasses every level; no override changes what they may do."}
	ErrLinksOff              = &Rejection{Conflict, "links_off", "The organization's scheme has no public links; add people to the project instead."}
	ErrNoLink                = &Rejection{Conflict, "no_public_link", "The project's public link is off; turn it on first."}
	ErrDefaultRoles          = &Rejection{Conflict, "default_roles", "In this scheme each member of a team gets the default role of their own; leave the role out."}
	ErrCustomRolesOff        = &Rejection{Conflict, "custom_roles_off", "The organization's scheme lets organizations define no roles of this kind."}
	ErrRoleExists            = &Rejection{Conflict, "role_exists", "The organization has a role with this key already; choose another key."}
	ErrRoleNameTaken         = &Rejection{Conflict, "role_name_taken", "Another role of this kind has this label; choose another label."}
	ErrTooManyRoles          = &Rejection{Conflict, "too_many_roles", "An organization defines at most 100 roles of each kind; retire one that nobody holds."}
	ErrRoleHeld              = &Rejection{Conflict, "role_held", "Somebody holds this role still; give them another one first."}
	ErrBuiltInRole           = &Rejection{Conflict, "built_in_role", "This role comes with the scheme: its label can be renamed, nothing else."}
	ErrSchemeRoles           = &Rejection{Conflict, "scheme_roles", "The new scheme lacks roles that are in use; say which of its roles take their place."}
	ErrSchemeTeams           = &Rejection{Conflict, "scheme_teams", "The new scheme cannot hold the teams that there are; remove or move them first."}
	ErrOtherScheme           = &Rejection{Conflict, "other_scheme", "The declaration is for another scheme than that of the organization; a declaration changes no scheme."}
	ErrHistoryOrder          = &Rejection{Conflict, "before_history", "This happened before the organization's last event; history is written forwards."}
)

// What cannot be meant.
var (
	ErrBadID               = &Rejection{Meaningless, "bad_id", "An id is 1 to 255 bytes of UTF-8 without control characters and invisible ones, and neither . nor ..; an organization's is 1 to 64 of A-Z, a-z, 0-9, _ and -."}
	ErrBadName             = &Rejection{Meaningless, "bad_name", "A name is 1 to 255 bytes of UTF-8 without control characters, those of direction and of zero width among them; a description up to 10,000 bytes without NUL."}
	ErrBadTime             = &Rejection{Meaningless, "time_in_the_future", "This must be a time in the past; state an earlier one."}
	ErrUnknownRole         = &Rejection{Meaningless, "unknown_role", "The organization's scheme has no such role."}
	ErrUnknownPermission   = &Rejection{Meaningless, "unknown_permission", "The organization's scheme has no such permission or level."}
	ErrBadPrivacy          = &Rejection{Meaningless, "bad_privacy", "A team is closed or secret."}
	ErrBadStart            = &Rejection{Meaningless, "bad_start", "A start lies before the end."}
	ErrBadEnd              = &Rejection{Meaningless, "bad_end", "An end lies in the future."}
	ErrBadEmailDomain      = &Rejection{Meaningless, "bad_email_domain", "The domain of an organization's addresses is written as in example.org, and is none at which anybody gets an address."}
	ErrBadJoinMode         = &Rejection{Meaningless, "bad_join_mode", "People join at once (automatic), or after somebody has approved it (approval)."}
	ErrBadIntake           = &Rejection{Meaningless, "bad_intake", "Requests are taken (open) or not (closed); left out, as the scheme says."}
	ErrBadNoticePreference = &Rejection{Meaningless, "bad_notice_preference", "Notices of a kind by a channel are on, off, or left to the default; some kinds always come."}
	ErrBadLocale           = &Rejection{Meaningless, "bad_locale", "A language is written as in de or de-CH, and is one in which mails can be written."}
	ErrBadColour           = &Rejection{Meaningless, "bad_colour", "A colour is written as #1a2b3c."}
	ErrBadSeats            = &Rejection{Meaningless, "bad_seats", "A number of seats is 0, for the scheme's own, up to 1,000,000,000."}
	ErrBadRank             = &Rejection{Meaningless, "bad_rank", "A rank is 0 to 1,000,000."}
	ErrProjectTwice        = &Rejection{Meaningless, "project_twice", "An invite names each project once, with one role."}
	ErrTeamTwice           = &Rejection{Meaningless, "team_twice", "An invite names each team once, with one role."}
	ErrBadBind             = &Rejection{Meaningless, "bad_bind", "An invite is bound to an address, to a user, or to nobody (anyone)."}
	ErrTooMuchMetadata     = &Rejection{Meaningless, "too_much_metadata", "The metadata of a person have at most 20 entries; remove some."}
	ErrOverBudget          = &Rejection{Meaningless, "over_budget", "This costs more steps than one command or question may; split it into several, or ask for less."}
	ErrTooMany             = &Rejection{Meaningless, "too_many_items", "A bulk command takes at most 1,000 items, a declaration 20,000 entries; send several."}
	ErrDeclaredTwice       = &Rejection{Meaningless, "declared_twice", "A declaration names each person, team and project once in a list, and no former name of a team twice."}
	ErrElevationTooLong    = &Rejection{Meaningless, "elevation_too_long", "An elevation lasts as long as the organization's scheme allows at most; ask for a shorter time."}
	ErrReasonRequired      = &Rejection{Meaningless, "reason_required", "Whoever asks for this role says why; state a reason."}
)
