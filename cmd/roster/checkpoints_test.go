//go:build !race

package main

// stride is how far apart the checkpoints are that TestEightYears looks at: all of
// them.
const stride = 1
