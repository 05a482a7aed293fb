package scheme

import (
	"embed"
	"io/fs"
	"maps"
	"sync"
)

//go:embed builtin/*.yaml
var builtIn embed.FS

// Default is the key of the scheme that an organization gets if it names none.
const Default = "owner-member"

// BuiltIn returns the schemes that come with Roster. The set is the caller's own, the
// schemes in it are shared.
func BuiltIn() (Set, error) {
	set, err := parseBuiltIn()
	return maps.Clone(set), err
}

var parseBuiltIn = sync.OnceValues(func() (Set, error) {
	files, err := Files()
	if err != nil {
		return nil, err
	}
	return Load(files)
})

// Files returns the files of the built-in schemes, each named by its key: github.yaml.
func Files() (fs.FS, error) { return fs.Sub(builtIn, "builtin") }
