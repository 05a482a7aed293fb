package importer

// Columns are what a row can have. Their names are compared without regard to case, and with
// a space or a hyphen in the place of the underscore.
var Columns = []string{"user", "email", "name", "login", "external_id", "role", "from", "until", "teams", "projects"}

// Format says how the columns of a file are named; in its zero value, as [Columns].
type Format struct {
	// Preset is one of [Presets], or empty.
	Preset string
	// Map leads from headers of the file to [Columns]; one that leads to the empty name is not
	// read.
	Map map[string]string
	// Organization is the id of the organization, or its name in the file, where a preset has
	// columns for several.
	Organization string
}

// FormatError says that a file cannot be read in a format, and could be in another.
type FormatError struct {
	// Option is the field of [Format] to change.
	Option string

	text string
}

func (e *FormatError) Error() string { return e.text }
