package importer

import (
	"time"
)

// Person is what a row of a list says of somebody. User, or else Email, says who it is.
type Person struct {
	// Line is the row's first line in the file, from 1.
	Line int
	// User is the id; empty if it is not known yet.
	User, Login, Name, Email, ExternalID string
	// Role is the one in the organization; empty takes the scheme's default.
	Role string
	// From is when the membership starts; zero means at once.
	From time.Time
	// Until is when the membership ends; zero means never.
	Until    time.Time
	Teams    []Membership
	Projects []Membership
	// LeftOut says why the row is not to be imported; empty if it is.
	LeftOut string
	// Wrong says what is wrong with the row by itself, such as a date that is none. It is empty
	// if nothing is. Such a row is refused, and no other.
	Wrong string
}

// People is a list of people from a file.
type People struct {
	Rows []Person
	// Unread are the columns of a preset's file that Roster has no use for.
	Unread []string
}
