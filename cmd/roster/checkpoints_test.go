//go:build !race

package main

// checkpointInterval is how many checkpoints there are for each one that TestEightYears
// compares: it compares all of them.
const checkpointInterval = 1
