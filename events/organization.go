package events

// OrganizationCreated opens an organization, or opens it anew after a deletion.
// It carries its scheme whole, so that history always replays under the rules
// that were in force.
type OrganizationCreated struct {
	Name   string `json:"name"`
	Scheme Scheme `json:"scheme"`
}

func (OrganizationCreated) Type() Type          { return "organization.created.v1" }
func (OrganizationCreated) Subjects() []Subject { return nil }
func (OrganizationCreated) event()              {}
func (OrganizationCreated) keepsAccess()        {}
func (OrganizationCreated) Created() Subject    { return Subject{} }

// OrganizationDeleted ends an organization with everything in it.
type OrganizationDeleted struct{}

func (OrganizationDeleted) Type() Type          { return "organization.deleted.v1" }
func (OrganizationDeleted) Subjects() []Subject { return nil }
func (OrganizationDeleted) event()              {}

// OrganizationRenamed changes an organization's name, nothing else.
type OrganizationRenamed struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (OrganizationRenamed) Type() Type          { return "organization.renamed.v1" }
func (OrganizationRenamed) Subjects() []Subject { return nil }
func (OrganizationRenamed) event()              {}
func (OrganizationRenamed) keepsAccess()        {}

// LocaleChanged says in which language mails are written to people of whom none is known. Empty leaves it to the server.
type LocaleChanged struct {
	From Locale `json:"from,omitzero"`
	To   Locale `json:"to,omitzero"`
}

func (LocaleChanged) Type() Type          { return "organization.locale_changed.v1" }
func (LocaleChanged) Subjects() []Subject { return nil }
func (LocaleChanged) event()              {}
func (LocaleChanged) keepsAccess()        {}

// Locale is a language, and perhaps where it is spoken, by its tag (BCP 47), such as de or de-CH.
type Locale string

// OrganizationArchived makes an organization read only, with everything in it.
type OrganizationArchived struct{}

func (OrganizationArchived) Type() Type          { return "organization.archived.v1" }
func (OrganizationArchived) Subjects() []Subject { return nil }
func (OrganizationArchived) event()              {}

// OrganizationRestored ends the archiving of an organization.
type OrganizationRestored struct{}

func (OrganizationRestored) Type() Type          { return "organization.restored.v1" }
func (OrganizationRestored) Subjects() []Subject { return nil }
func (OrganizationRestored) event()              {}

// SeatsChanged limits how many members the organization can have; 0 is the
// scheme's limit.
type SeatsChanged struct {
	From int `json:"from,omitzero"`
	To   int `json:"to,omitzero"`
}

func (SeatsChanged) Type() Type          { return "organization.seats_changed.v1" }
func (SeatsChanged) Subjects() []Subject { return nil }
func (SeatsChanged) event()              {}
func (SeatsChanged) keepsAccess()        {}

// HistoryImported says that this entry replays a line of another system's
// history: all lines of Source up to Through have been taken in.
type HistoryImported struct {
	Source  string `json:"source"`
	Through uint64 `json:"through"`
}

func (HistoryImported) Type() Type          { return "organization.history_imported.v1" }
func (HistoryImported) Subjects() []Subject { return nil }
func (HistoryImported) event()              {}
func (HistoryImported) keepsAccess()        {}
