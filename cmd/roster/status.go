package main

import "context"

// statusCmd says how the server is.
type statusCmd struct{}

// Run prints the status.
func (statusCmd) Run(ctx context.Context, sh *shell) error {
	return sh.show(ctx, path("status"))
}
