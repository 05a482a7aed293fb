package main

import (
	"context"
	"fmt"
	"strings"
)

// openInviteArg is the argument of verbs about an invite that is open: its id, or the address that it was sent to.
type openInviteArg struct {
	organizationFlag

	Invite string `arg:"" help:"The invite, by its id or by the address that it was sent to." json:"invite"`
}

// resolve replaces an address by the id of the open invite to it. There is one at most. It fails if there is none.
func (a *openInviteArg) resolve(ctx context.Context, sh *shell) error {
	if !strings.Contains(a.Invite, "@") {
		return nil
	}
	found, err := sh.rows(ctx, "list_invites", inviteListCmd{organizationFlag: a.organizationFlag, Status: "open", Search: a.Invite}, pageSize)
	if err != nil {
		return err
	}
	for _, invite := range found {
		if strings.EqualFold(invite.at("email"), a.Invite) {
			a.Invite = invite.at("id")
			return nil
		}
	}
	return &refusedError{fmt.Errorf("there is no open invite to %s in %s: `roster invite list` shows those that there are, by --status all also those that ended", printable(a.Invite), a.Org)}
}
