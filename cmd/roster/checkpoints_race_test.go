//go:build race

package main

// stride is how far apart the checkpoints are that TestEightYears looks at: the race
// detector makes each take seconds, and the run without it looks at all of them.
const stride = 6
