package main

import (
	"fmt"
	"runtime/debug"
)

// versionCmd prints the version of the program.
type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(sh *shell) error {
	if sh.Output == "json" {
		return printJSON(sh.out, row{"version": version()})
	}
	fmt.Fprintln(sh.out, version())
	return nil
}

// version returns the version that the build recorded.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}
