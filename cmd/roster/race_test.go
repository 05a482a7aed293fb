//go:build race

package main

// With the race detector the whole history takes minutes, nearly all of them to do the same with more
// lines. The run without the detector plays it all.

// lastCheckpoint is the checkpoint at which TestEightYears ends.
const lastCheckpoint = "2018-12-31"

// killedAfterLines are the lines behind which TestEightYears kills the server.
var killedAfterLines = []int64{300, 900}

// guidesWalked are the files that TestGuides looks at. Each command of a guide is a process, and to start one with
// the detector takes ten times as long. They come one after the other, but for those that follow the feed.
const guidesWalked = "../../docs/feed.md"
