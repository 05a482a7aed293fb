package events

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// OrganizationID names an organization: one subject token, [A-Za-z0-9_-]{1,64}.
type OrganizationID string

// UserID names a person, or a program that acts like one. It is opaque, brought
// by the host product, a pseudonym by contract. The zero value is the system.
type UserID string

// ProjectID names a project within its organization.
type ProjectID string

// TeamID names a team within its organization; it outlives renames.
type TeamID string

// InviteID names an invite within its organization.
type InviteID string

// AccessRequestID names a request for access within its organization.
type AccessRequestID string

// RoleKey names a role of a scheme. Whether that is a role of the organization, on a project
// or in a team depends on the field that holds the key. The zero value is no role.
type RoleKey string

// System is the actor of commands that nobody in particular gave.
const System UserID = ""

// maxID is the longest id in bytes that a host product may bring.
const maxID = 255

// ValidID reports whether s can be an opaque id: 1 to 255 bytes of UTF-8 without
// control characters, but not "." or "..", which change the meaning of a path.
func ValidID[S ~string](s S) bool {
	return s != "" && s != "." && s != ".." && len(s) <= maxID && utf8.ValidString(string(s)) &&
		!strings.ContainsFunc(string(s), unicode.IsControl)
}

// Valid reports whether the id fits into one subject token.
func (o OrganizationID) Valid() bool {
	if o == "" || len(o) > 64 {
		return false
	}
	for _, c := range []byte(o) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}
