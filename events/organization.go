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
