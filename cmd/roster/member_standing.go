package main

import "context"

// ofMember is the argument of commands about one member.
type ofMember struct {
	inOrg

	User string `arg:"" help:"The member."`
}

func (m ofMember) of(segments ...string) string {
	return m.at(append([]string{"members", m.User}, segments...)...)
}

type memberLevelsCmd struct {
	ofMember `json:"-"`
	newLevels
}

// Run changes the member's own levels.
func (c *memberLevelsCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.of("levels"), c)
}

type memberEndCmd struct {
	ofMember `json:"-"`
	end
}

// Run changes when the membership ends.
func (c *memberEndCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.of("end"), c)
}

type memberDeactivateCmd struct{ ofMember }

// Run suspends the member.
func (c *memberDeactivateCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.of("deactivate"), nil)
}

type memberReactivateCmd struct{ ofMember }

// Run ends the suspension.
func (c *memberReactivateCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.of("reactivate"), nil)
}

type memberAttestCmd struct{ ofMember }

// Run records the review.
func (c *memberAttestCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.of("attest"), nil)
}
