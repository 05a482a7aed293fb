// Package exampletest lets examples use what is made for tests.
package exampletest

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"testing"
)

// T stands for the [testing.TB] of an example. What fails is in the output, so that the example fails.
type T struct {
	testing.TB

	ctx   context.Context //nolint:containedctx // a test has one
	ends  []func()
	wrong string
}

// New returns one. [T.End] ends it.
func New() *T {
	ctx, cancel := context.WithCancel(context.Background())
	return &T{ctx: ctx, ends: []func(){cancel}}
}

// End calls what was given to Cleanup, last first.
func (t *T) End() {
	for _, end := range slices.Backward(t.ends) {
		end()
	}
}

// Helper does nothing.
func (t *T) Helper() {}

// Name returns a name.
func (t *T) Name() string { return "the example" }

// Cleanup has End call a function.
func (t *T) Cleanup(end func()) { t.ends = append(t.ends, end) }

// Context returns the context of the example, until End.
func (t *T) Context() context.Context { return t.ctx }

// Output drops what is logged.
func (t *T) Output() io.Writer { return io.Discard }

// Errorf says what is wrong.
func (t *T) Errorf(text string, a ...any) {
	t.wrong += fmt.Sprintf(text+"\n", a...)
	_, _ = fmt.Fprintf(os.Stdout, text+"\n", a...) // where an example is compared
}

// FailNow ends the example.
func (t *T) FailNow() { panic(t.wrong) }

// TempDir returns a new directory, which End removes.
func (t *T) TempDir() string {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		panic(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
