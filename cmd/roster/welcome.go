package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// welcome prints the address of the server, that for subscribers if they are let in, where mails go if nobody gets them, and, where the ledger is empty,
// commands to try. What people copy has no full stop behind it.
func welcome(sh *shell, address, subscribersURL, mails string, after time.Duration, empty bool) {
	self := invocation(sh.Data)
	fmt.Fprintf(sh.out, "Roster serves %s after %s.\nCommands on this machine find the root key in %s\n\n",
		address, after.Round(time.Millisecond), filepath.Join(sh.Data, "root.key"))
	if subscribersURL != "" {
		fmt.Fprintf(sh.out, "Subscribers connect to %s\n\n", subscribersURL)
	}
	if mails != "" {
		fmt.Fprintf(sh.out, "%s\n\n", mails)
	}
	if empty {
		fmt.Fprintf(sh.out, `Try in another terminal:

  %s org create demo --owner ada
  %s project create apollo --org demo --actor ada
  %s explain ada apollo --org demo

`, self, self, self)
	}
	fmt.Fprintf(sh.out, "The HTTP API is described at %s/docs\nCtrl-C stops.\n", address)
}

// invocation returns the command by which this program was called.
func invocation(data string) string {
	self := os.Args[0]
	if strings.Contains(self, string(filepath.Separator)+"go-build") {
		self = "go run ./cmd/roster" // what `go run` starts lies in its cache
	}
	if data != ".roster" {
		self += " --data " + data
	}
	return self
}
