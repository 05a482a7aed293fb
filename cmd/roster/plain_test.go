//go:build !race

package main

// lastCheckpoint is the checkpoint at which TestEightYears ends.
const lastCheckpoint = "last"

// killedAfterLines are the lines behind which TestEightYears kills the server.
var killedAfterLines = []int64{3000, 12000}

// guidesWalked are the files that TestGuides looks at.
const guidesWalked = "../../docs/*.md"
