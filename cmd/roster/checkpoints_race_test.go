//go:build race

package main

// checkpointInterval is how many checkpoints there are for each one that TestEightYears
// compares. With the race detector each takes seconds; the run without it compares all.
const checkpointInterval = 6
