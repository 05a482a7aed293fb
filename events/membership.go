package events

import "time"

// MemberJoined makes someone a member of the organization.
type MemberJoined struct {
	Member UserID  `json:"member"`
	Role   RoleKey `json:"role"`
	// ClearLogin is the login as events had it before logins were sealed. New ones leave it
	// empty.
	ClearLogin ClearText `json:"login,omitzero"`
	// Login is the spelling that people see; empty where it equals the id.
	Login Sealed `json:"sealed_login,omitzero"`
	Name  Sealed `json:"name,omitzero"`
	Email Sealed `json:"email,omitzero"`
	// Address is a hash: two members with the same address have the same one.
	Address AddressHash `json:"address,omitzero"`
	// Avatar is the URL of a picture.
	Avatar Sealed `json:"avatar,omitzero"`
	// ExternalID is the person's id in another system, with its hash.
	ExternalID     Sealed         `json:"external_id,omitzero"`
	ExternalIDHash ExternalIDHash `json:"external_id_hash,omitzero"`
	Metadata       Metadata       `json:"metadata,omitzero"`
	// Levels are the person's own in the organization.
	Levels Levels `json:"levels,omitzero"`
	// From is when the membership starts; the zero value means at once.
	From time.Time `json:"from,omitzero"`
	// Until is when the membership ends; the zero value means never.
	Until time.Time `json:"until,omitzero"`
	// Invite is the invite that was accepted; empty if the person was added.
	Invite InviteID `json:"invite,omitzero"`
	// InvitedBy is who sent the invite, and so gave the membership; empty is the system.
	InvitedBy UserID `json:"invited_by,omitzero"`
}

func (MemberJoined) Type() Type            { return "membership.joined.v1" }
func (e MemberJoined) Subjects() []Subject { return about(e.Member, e.Invite, e.InvitedBy) }
func (MemberJoined) event()                {}

// ProfileField names a part of what is known about a person.
type ProfileField string

// The fields of a profile.
const (
	NameField       ProfileField = "name"
	LoginField      ProfileField = "login"
	EmailField      ProfileField = "email"
	AvatarField     ProfileField = "avatar"
	ExternalIDField ProfileField = "external_id"
	MetadataField   ProfileField = "metadata"
)

// ProfileChanged says anew what is known about a member. Everything about the person is
// sealed; Fields says what changed, so that the history can be read without it.
type ProfileChanged struct {
	Member UserID `json:"member"`
	// Fields are those that changed. One of them that is empty here was removed.
	Fields         []ProfileField `json:"fields"`
	Name           Sealed         `json:"name,omitzero"`
	Login          Sealed         `json:"login,omitzero"`
	Email          Sealed         `json:"email,omitzero"`
	Address        AddressHash    `json:"address,omitzero"`
	Avatar         Sealed         `json:"avatar,omitzero"`
	ExternalID     Sealed         `json:"external_id,omitzero"`
	ExternalIDHash ExternalIDHash `json:"external_id_hash,omitzero"`
	// Metadata are the entries that changed; an empty text removes its entry.
	Metadata Metadata `json:"metadata,omitzero"`
}

func (ProfileChanged) Type() Type            { return "membership.profile_changed.v1" }
func (e ProfileChanged) Subjects() []Subject { return about(e.Member) }
func (ProfileChanged) event()                {}
func (ProfileChanged) keepsAccess()          {}

// RoleChanged gives a member another role in the organization.
type RoleChanged struct {
	Member UserID  `json:"member"`
	From   RoleKey `json:"from"`
	To     RoleKey `json:"to"`
	// KeptLevels are the member's own levels, where the new role takes none: they apply
	// again once the member has a role that does.
	KeptLevels Levels `json:"kept_levels,omitzero"`
}

func (RoleChanged) Type() Type            { return "membership.role_changed.v1" }
func (e RoleChanged) Subjects() []Subject { return about(e.Member) }
func (RoleChanged) event()                {}

// MemberLevelsChanged gives a member other levels of their own in the organization.
type MemberLevelsChanged struct {
	Member UserID `json:"member"`
	From   Levels `json:"from,omitzero"`
	To     Levels `json:"to,omitzero"`
}

func (MemberLevelsChanged) Type() Type            { return "membership.levels_changed.v1" }
func (e MemberLevelsChanged) Subjects() []Subject { return about(e.Member) }
func (MemberLevelsChanged) event()                {}

// MemberStartChanged says when a membership starts that is not in effect yet, or not any more; the zero
// time means at once.
type MemberStartChanged struct {
	Member UserID    `json:"member"`
	From   time.Time `json:"from,omitzero"`
	To     time.Time `json:"to,omitzero"`
}

func (MemberStartChanged) Type() Type            { return "membership.start_changed.v1" }
func (e MemberStartChanged) Subjects() []Subject { return about(e.Member) }
func (MemberStartChanged) event()                {}

// MembershipStarted records that the start of a membership has passed. The person has had access
// since then.
type MembershipStarted struct {
	Member UserID `json:"member"`
	// From is the start that passed.
	From time.Time `json:"from"`
}

func (MembershipStarted) Type() Type            { return "membership.started.v1" }
func (e MembershipStarted) Subjects() []Subject { return about(e.Member) }
func (MembershipStarted) event()                {}

// MemberEndChanged says when a membership ends; the zero time means never.
type MemberEndChanged struct {
	Member UserID    `json:"member"`
	From   time.Time `json:"from,omitzero"`
	To     time.Time `json:"to,omitzero"`
}

func (MemberEndChanged) Type() Type            { return "membership.end_changed.v1" }
func (e MemberEndChanged) Subjects() []Subject { return about(e.Member) }
func (MemberEndChanged) event()                {}

// MembershipEnded records that the end of a membership has passed. The person has had no access
// since then, and nothing else changed: a later end gives it back.
type MembershipEnded struct {
	Member UserID `json:"member"`
	// Until is the end that passed.
	Until time.Time `json:"until"`
}

func (MembershipEnded) Type() Type            { return "membership.ended.v1" }
func (e MembershipEnded) Subjects() []Subject { return about(e.Member) }
func (MembershipEnded) event()                {}

// MemberDeactivated says that a member has no access until they are reactivated. Their
// roles, grants and teams stay.
type MemberDeactivated struct {
	Member UserID `json:"member"`
}

func (MemberDeactivated) Type() Type            { return "membership.deactivated.v1" }
func (e MemberDeactivated) Subjects() []Subject { return about(e.Member) }
func (MemberDeactivated) event()                {}

// MemberReactivated says that a deactivated member has access again, by the same roles,
// grants and teams.
type MemberReactivated struct {
	Member UserID `json:"member"`
}

func (MemberReactivated) Type() Type            { return "membership.reactivated.v1" }
func (e MemberReactivated) Subjects() []Subject { return about(e.Member) }
func (MemberReactivated) event()                {}

// AccessAttested records that somebody has reviewed a member's access and found
// it right.
type AccessAttested struct {
	Member UserID `json:"member"`
	// Project is the project that was reviewed; empty means all access of the member.
	Project ProjectID `json:"project,omitzero"`
}

func (AccessAttested) Type() Type            { return "membership.access_attested.v1" }
func (e AccessAttested) Subjects() []Subject { return about(e.Member, e.Project) }
func (AccessAttested) event()                {}
func (AccessAttested) keepsAccess()          {}

// MemberRemoved ends a membership, and with it every team membership and every
// project membership of that person in the organization.
type MemberRemoved struct {
	Member UserID `json:"member"`
}

func (MemberRemoved) Type() Type            { return "membership.removed.v1" }
func (e MemberRemoved) Subjects() []Subject { return about(e.Member) }
func (MemberRemoved) event()                {}
