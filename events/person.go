package events

// PersonErased records that the personal data of somebody was erased at their request: what the organization has in words about
// them is gone, and the keys are destroyed under which it is sealed in the events before. Their id stays, which is a pseudonym.
type PersonErased struct {
	// Person is no member any more.
	Person UserID `json:"person"`
	// Invites are those that the person accepted or declined, or that were sent to them. All of them are closed.
	Invites []InviteID `json:"invites,omitzero"`
}

func (PersonErased) Type() Type { return "person.erased.v1" }

// Subjects returns the person and the invites.
func (e PersonErased) Subjects() []Subject {
	all := about(e.Person)
	for _, invite := range e.Invites {
		all = append(all, about(invite)...)
	}
	return all
}
func (PersonErased) event()       {}
func (PersonErased) keepsAccess() {}
