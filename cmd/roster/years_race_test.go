//go:build race

package main

// With the race detector the whole history takes three quarters of a minute, nearly all
// of it to do the same with more lines. The run without the detector plays it all.

// lastCheckpoint is the checkpoint at which TestEightYears ends.
const lastCheckpoint = "2019-06-30"

// killedAfterLines are the lines behind which TestEightYears kills the server.
var killedAfterLines = []int64{1000, 3000}
