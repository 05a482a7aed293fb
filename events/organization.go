package events

// OrganizationCreated opens an organization, or opens it anew after a deletion.
// It carries its scheme whole, so that history always replays under the rules
// that were in force.
type OrganizationCreated struct {
	Name   string `json:"name"`
	Scheme Scheme `json:"scheme"`
}

// OrganizationDeleted ends an organization with everything in it.
type OrganizationDeleted struct{}

// OrganizationRenamed changes an organization's name, nothing else.
type OrganizationRenamed struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// OrganizationArchived makes an organization read only, with everything in it.
type OrganizationArchived struct{}

// OrganizationRestored ends the archiving of an organization.
type OrganizationRestored struct{}

// SeatsChanged limits how many members the organization can have; 0 is the
// scheme's limit.
type SeatsChanged struct {
	From int `json:"from,omitzero"`
	To   int `json:"to,omitzero"`
}

// HistoryImported says that this entry replays a line of another system's
// history: all lines of Source up to Through have been taken in.
type HistoryImported struct {
	Source  string `json:"source"`
	Through uint64 `json:"through"`
}

// Type returns the wire name.
func (OrganizationCreated) Type() Type { return "organization.created.v1" }

// Type returns the wire name.
func (OrganizationDeleted) Type() Type { return "organization.deleted.v1" }

// Type returns the wire name.
func (HistoryImported) Type() Type { return "organization.history_imported.v1" }

func (OrganizationCreated) event() {}
func (OrganizationDeleted) event() {}
func (HistoryImported) event()     {}

// Type returns the wire name.
func (OrganizationRenamed) Type() Type { return "organization.renamed.v1" }

// Type returns the wire name.
func (OrganizationArchived) Type() Type { return "organization.archived.v1" }

// Type returns the wire name.
func (OrganizationRestored) Type() Type { return "organization.restored.v1" }

// Type returns the wire name.
func (SeatsChanged) Type() Type { return "organization.seats_changed.v1" }

func (OrganizationRenamed) event()  {}
func (OrganizationArchived) event() {}
func (OrganizationRestored) event() {}
func (SeatsChanged) event()         {}
