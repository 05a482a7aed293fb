package scheme

import (
	"embed"
	"io/fs"
)

//go:embed builtin/*.yaml
var builtIn embed.FS

// Default is the key of the scheme that an organization gets if it names none.
const Default = "owner-member"

// BuiltIn returns the schemes that come with Roster.
func BuiltIn() (Set, error) {
	files, err := Files()
	if err != nil {
		return nil, err
	}
	return Load(files)
}

// Files returns the files of the built-in schemes, each named by its key: github.yaml.
func Files() (fs.FS, error) { return fs.Sub(builtIn, "builtin") }
