package events

import "time"

// MemberInvited offers membership to an address.
type MemberInvited struct {
	Invite InviteID `json:"invite"`
	Role   RoleKey  `json:"role"`
	Email  Sealed   `json:"email"`
	// Address is a hash: two invites to the same address have the same one.
	Address AddressHash `json:"address"`
	// Token is the SHA-256 of the secret that whoever accepts must show.
	Token Hash `json:"token"`
	// Nonce makes the secrets of two invites differ, even if they have the same id.
	Nonce Nonce `json:"nonce"`
	// Expires ends the offer; the zero value means never.
	Expires time.Time `json:"expires,omitzero"`
	// Member is the person whom it is for, if known; then nobody else can accept it.
	Member UserID `json:"member,omitzero"`
	// Levels are the person's own in the organization.
	Levels Levels `json:"levels,omitzero"`
	// Until is when the membership will end; the zero value means never.
	Until time.Time `json:"until,omitzero"`
	// Projects are joined on acceptance.
	Projects []ProjectRole `json:"projects,omitzero"`
}

func (MemberInvited) Type() Type                 { return "invite.sent.v1" }
func (MemberInvited) event()                     {}
func (MemberInvited) keepsAccess()               {}
func (e MemberInvited) Created() Subject         { return e.Invite.subject() }
func (e MemberInvited) Secret() (Subject, Nonce) { return e.Invite.subject(), e.Nonce }

// Subjects returns the invite, the person whom it is for, if known, and its projects.
func (e MemberInvited) Subjects() []Subject {
	all := about(e.Invite, e.Member)
	for _, p := range e.Projects {
		all = append(all, about(p.Project)...)
	}
	return all
}

// ProjectRole is a project together with a role on it.
type ProjectRole struct {
	Project ProjectID `json:"project"`
	Role    RoleKey   `json:"role"`
	// Levels are the person's own on the project.
	Levels Levels `json:"levels,omitzero"`
}

// InviteAccepted closes an invite, since Member accepted it.
type InviteAccepted struct {
	Invite InviteID `json:"invite"`
	Member UserID   `json:"member"`
}

func (InviteAccepted) Type() Type            { return "invite.accepted.v1" }
func (e InviteAccepted) Subjects() []Subject { return about(e.Member, e.Invite) }
func (InviteAccepted) event()                {}
func (InviteAccepted) keepsAccess()          {}

// InviteExpired records that an invite can be accepted no more: its time has passed, or that of
// the membership that it offers.
type InviteExpired struct {
	Invite InviteID `json:"invite"`
	// Until is the end that passed.
	Until time.Time `json:"until"`
}

func (InviteExpired) Type() Type            { return "invite.expired.v1" }
func (e InviteExpired) Subjects() []Subject { return about(e.Invite) }
func (InviteExpired) event()                {}
func (InviteExpired) keepsAccess()          {}

// InviteRevoked closes an invite that nobody accepted.
type InviteRevoked struct {
	Invite InviteID `json:"invite"`
}

func (InviteRevoked) Type() Type            { return "invite.revoked.v1" }
func (e InviteRevoked) Subjects() []Subject { return about(e.Invite) }
func (InviteRevoked) event()                {}
func (InviteRevoked) keepsAccess()          {}
