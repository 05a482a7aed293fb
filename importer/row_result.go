package importer

import "fmt"

// Result says what became of a row.
type Result string

// The results.
const (
	Added     Result = "added"
	Invited   Result = "invited"
	Updated   Result = "updated"
	Unchanged Result = "unchanged" // there already, and as the row says
	Skipped   Result = "skipped"   // there already, or left out by the preset
	Refused   Result = "refused"
	NotDone   Result = "not done" // the import ended before
)

// RowResult says what became of a row, and in Detail why, or what else is to be known.
type RowResult struct {
	Line   int    `json:"line"`
	User   string `json:"user,omitempty"`
	Email  string `json:"email,omitempty"`
	Result Result `json:"result"`
	Detail string `json:"detail,omitempty"`
	// Option is the field of [PeopleOptions] that, set otherwise, may give the row another result;
	// empty if there is none.
	Option string `json:"-"`
	// Invite and Token are those of an invite that was sent.
	Invite string `json:"invite,omitempty"`
	Token  string `json:"token,omitempty"`
}

// rowError is what is wrong with one person, and the option with which it would not be; empty if
// there is none.
type rowError struct{ option, text string }

func (e *rowError) Error() string { return e.text }

func rowErrorf(format string, args ...any) error { return &rowError{"", fmt.Sprintf(format, args...)} }
