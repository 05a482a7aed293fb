package api

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type turnOnPublicLink struct {
	Project events.ProjectID `json:"project"`
}

func (o turnOnPublicLink) command(_ context.Context, c clerk) (domain.Command, error) {
	nonce, token := c.link(o.Project)
	return domain.TurnOnPublicLink{Project: o.Project, Token: token, Nonce: nonce}, nil
}

type rotatePublicLink struct {
	Project events.ProjectID `json:"project"`
}

func (o rotatePublicLink) command(_ context.Context, c clerk) (domain.Command, error) {
	nonce, token := c.link(o.Project)
	return domain.RotatePublicLink{Project: o.Project, Token: token, Nonce: nonce}, nil
}

type turnOffPublicLink struct {
	Project events.ProjectID `json:"project"`
}

func (o turnOffPublicLink) command(context.Context, clerk) (domain.Command, error) {
	return domain.TurnOffPublicLink{Project: o.Project}, nil
}

// link makes up the secret of a new link: the ledger keeps its hash alone, and the
// nonce from which the keyring makes it again.
func (c clerk) link(project events.ProjectID) (nonce string, token events.Hash) {
	nonce = rand.Text()
	return nonce, events.Sum([]byte(linkToken(c.keyring, c.org, project, nonce)))
}

func (s *Server) publicLinkRoutes() {
	const link, tag = "/v1/organizations/{org}/projects/{project}/public-link", "Public links"
	command(s, route{http.MethodPost, link, "turn_on_public_link", tag, "Open a project to whoever holds the link that this answers"},
		func(in *CommandOnProject) order { return turnOnPublicLink{in.Project} })
	command(s, route{http.MethodPost, link + "/rotate", "rotate_public_link", tag, "Replace the link, which is dead at once, by the one that this answers"},
		func(in *CommandOnProject) order { return rotatePublicLink{in.Project} })
	command(s, route{http.MethodDelete, link, "turn_off_public_link", tag, "End the link at once"},
		func(in *CommandOnProject) order { return turnOffPublicLink{in.Project} })
}
