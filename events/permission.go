package events

// Permissions is the catalogue of what roles can grant.
type Permissions struct {
	Organization []Permission `json:"organization,omitzero"`
	Project      []Permission `json:"project,omitzero"`
}

// PermissionKey is the identity of a permission; its label may be renamed.
type PermissionKey string

// Permission is one thing that can be granted, by level or as a switch.
type Permission struct {
	Key   PermissionKey  `json:"key"`
	Label string         `json:"label,omitzero"`
	Group string         `json:"group,omitzero"`
	Kind  PermissionKind `json:"kind,omitzero"`
}

// PermissionKind says which levels a permission has; the zero value is ByLevel.
type PermissionKind string

// The kinds of permission.
const (
	// ByLevel permissions have the levels none, view, full.
	ByLevel PermissionKind = "level"
	// ByToggle permissions are off or on.
	ByToggle PermissionKind = "toggle"
)

// Levels returns the levels that a permission of this kind has, lowest first.
func (k PermissionKind) Levels() []Level {
	if k == ByToggle {
		return []Level{"off", "on"}
	}
	return []Level{"none", "view", "full"}
}

// Level is how much of a permission is granted: none, view, full, or for toggles
// off, on. The zero value is the lowest.
type Level string

// Grants reports whether a level is above the lowest.
func (l Level) Grants() bool { return l == "view" || l == "full" || l == "on" }

// Levels is how much of each permission is granted; one that is not listed is at
// its lowest.
type Levels map[PermissionKey]Level
