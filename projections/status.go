package projections

// Status says whether somebody's membership, or access to a project, holds.
type Status string

// The statuses: who is suspended and whose end has passed at once is suspended.
const (
	Active      Status = "active"
	Deactivated Status = "deactivated"
	Ended       Status = "ended"
)

// Conditions on the membership of m, as of now, which the few members who are not
// active are found by in an index of their own.
const (
	inactive = `(m.deactivated OR m.until <= now())`
	active   = inactive + ` IS NOT TRUE`
)

const statusColumn = `CASE WHEN m.deactivated THEN 'deactivated' WHEN m.until <= now() THEN 'ended' ELSE 'active' END`

// condition is that of a status; empty is any.
func (s Status) condition() string {
	switch s {
	case Active:
		return active
	case Deactivated:
		return `m.deactivated`
	case Ended:
		return `NOT m.deactivated AND m.until <= now()`
	}
	return everything
}
