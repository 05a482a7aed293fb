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
	// From is when the membership will start; the zero value means when the invite is accepted.
	From time.Time `json:"from,omitzero"`
	// Until is when the membership will end; the zero value means never.
	Until time.Time `json:"until,omitzero"`
	// Projects and Teams are joined on acceptance.
	Projects []ProjectRole `json:"projects,omitzero"`
	Teams    []TeamRole    `json:"teams,omitzero"`
	// Message is what the sender says to whoever it is for.
	Message Sealed `json:"message,omitzero"`
	// Bind says who can accept it; empty, in events of before: BindAnyone, or BindUser if there is a Member.
	Bind InviteBind `json:"bind,omitzero"`
}

// InviteBind says who can accept an invite.
type InviteBind string

const (
	// BindAddress is for whoever has the address that it was sent to, as a verified one.
	BindAddress InviteBind = "address"
	// BindUser is for the person that the invite names.
	BindUser InviteBind = "user"
	// BindAnyone is for whoever has the token.
	BindAnyone InviteBind = "anyone"
)

func (MemberInvited) Type() Type                 { return "invite.sent.v1" }
func (MemberInvited) event()                     {}
func (MemberInvited) keepsAccess()               {}
func (e MemberInvited) Created() Subject         { return e.Invite.subject() }
func (e MemberInvited) Secret() (Subject, Nonce) { return e.Invite.subject(), e.Nonce }

// Subjects returns the invite, the person whom it is for, if known, its projects and its teams.
func (e MemberInvited) Subjects() []Subject {
	return offered(about(e.Invite, e.Member), e.Projects, e.Teams)
}

// offered adds projects and teams to what an event is about.
func offered(all []Subject, projects []ProjectRole, teams []TeamRole) []Subject {
	for _, p := range projects {
		all = append(all, about(p.Project)...)
	}
	for _, t := range teams {
		all = append(all, about(t.Team)...)
	}
	return all
}

// TeamRole is a team together with a role in it.
type TeamRole struct {
	Team TeamID  `json:"team"`
	Role RoleKey `json:"role"`
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

// InviteSettled closes an invite, since Member, whom it was for, has joined in another way or, as a member, has its address now. It gave
// them nothing. Earlier versions recorded invite.accepted.v1.
type InviteSettled struct {
	Invite InviteID `json:"invite"`
	Member UserID   `json:"member"`
}

func (InviteSettled) Type() Type            { return "invite.settled.v1" }
func (e InviteSettled) Subjects() []Subject { return about(e.Member, e.Invite) }
func (InviteSettled) event()                {}
func (InviteSettled) keepsAccess()          {}

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

// InviteResent gives an invite another secret. The one before opens it no more, and the offer rests on whoever sent it again.
type InviteResent struct {
	Invite InviteID `json:"invite"`
	// Token is the SHA-256 of the new secret, which is made with Nonce.
	Token Hash  `json:"token"`
	Nonce Nonce `json:"nonce"`
	// Expires ends the offer; the zero value means never.
	Expires time.Time `json:"expires,omitzero"`
	// Message is what the sender says now; empty: what was said before.
	Message Sealed `json:"message,omitzero"`
}

func (InviteResent) Type() Type                 { return "invite.resent.v1" }
func (e InviteResent) Subjects() []Subject      { return about(e.Invite) }
func (InviteResent) event()                     {}
func (InviteResent) keepsAccess()               {}
func (e InviteResent) Secret() (Subject, Nonce) { return e.Invite.subject(), e.Nonce }

// InviteChanged gives an open invite another offer, which rests on whoever changed it. Its secret stays, and when it expires.
type InviteChanged struct {
	Invite InviteID `json:"invite"`
	// Role, Levels, From, Until, Projects and Teams are all that it offers from now on, as in MemberInvited.
	Role     RoleKey       `json:"role"`
	Levels   Levels        `json:"levels,omitzero"`
	From     time.Time     `json:"from,omitzero"`
	Until    time.Time     `json:"until,omitzero"`
	Projects []ProjectRole `json:"projects,omitzero"`
	Teams    []TeamRole    `json:"teams,omitzero"`
	// Message is what the sender says now; empty: what was said before.
	Message Sealed `json:"message,omitzero"`
}

func (InviteChanged) Type() Type            { return "invite.changed.v1" }
func (e InviteChanged) Subjects() []Subject { return offered(about(e.Invite), e.Projects, e.Teams) }
func (InviteChanged) event()                {}
func (InviteChanged) keepsAccess()          {}

// InviteOpened records that somebody who has the secret has looked at an invite, the first time since it was sent.
type InviteOpened struct {
	Invite InviteID `json:"invite"`
}

func (InviteOpened) Type() Type            { return "invite.opened.v1" }
func (e InviteOpened) Subjects() []Subject { return about(e.Invite) }
func (InviteOpened) event()                {}
func (InviteOpened) keepsAccess()          {}

// InviteDeclined closes an invite, since whoever it was sent to does not want it.
type InviteDeclined struct {
	Invite InviteID `json:"invite"`
	// Member is who declined, if known.
	Member UserID `json:"member,omitzero"`
}

func (InviteDeclined) Type() Type            { return "invite.declined.v1" }
func (e InviteDeclined) Subjects() []Subject { return about(e.Invite, e.Member) }
func (InviteDeclined) event()                {}
func (InviteDeclined) keepsAccess()          {}
