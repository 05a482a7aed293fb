//go:build race

package main

// With the race detector the whole history takes minutes, nearly all of them to do the same with more
// lines. The run without the detector plays it all.

// lastCheckpoint is the checkpoint at which TestEightYears ends.
const lastCheckpoint = "2018-12-31"

// killedAfterLines are the lines behind which TestEightYears kills the server.
var killedAfterLines = []int64{300, 900}
