package events

// MemberJoined makes someone a member of the organization.
type MemberJoined struct {
	Member UserID  `json:"member"`
	Role   RoleKey `json:"role"`
	// Login is the spelling that people see; empty where it equals the id.
	Login string `json:"login,omitzero"`
	Name  Sealed `json:"name,omitzero"`
	Email Sealed `json:"email,omitzero"`
	// Address tells whether two members have one address without reading it.
	Address AddressHash `json:"address,omitzero"`
}

// RoleChanged gives a member another role in the organization.
type RoleChanged struct {
	Member UserID  `json:"member"`
	From   RoleKey `json:"from"`
	To     RoleKey `json:"to"`
}

// MemberRemoved ends a membership, and with it every team membership and every
// project membership of that person in the organization.
type MemberRemoved struct {
	Member UserID `json:"member"`
}

// Type returns the wire name.
func (MemberJoined) Type() Type { return "membership.joined.v1" }

// Type returns the wire name.
func (RoleChanged) Type() Type { return "membership.role_changed.v1" }

// Type returns the wire name.
func (MemberRemoved) Type() Type { return "membership.removed.v1" }

func (MemberJoined) event()  {}
func (RoleChanged) event()   {}
func (MemberRemoved) event() {}
