package main

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/alecthomas/kong"
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

// versionFlag is the flag that prints the version in place of a command.
type versionFlag bool

// errVersion says that the version was printed, and that there is no command.
var errVersion = errors.New("the version was printed")

// BeforeReset prints the version, whatever else the command line says.
func (versionFlag) BeforeReset(k *kong.Kong) error {
	fmt.Fprintln(k.Stdout, version())
	return errVersion
}

// version returns the version that the build recorded.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}
