package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) publicLinkCommands() {
	const link, tag = "/projects/{project}/public-link", "Public links"
	defineWith(s, spec{"turn_on_public_link", http.MethodPost, link, tag, "Open a project to whoever holds the link that this answers"},
		func(_ context.Context, b *commandBuilder, c turnOnPublicLink) (domain.Command, error) {
			nonce, token := b.linkToken(c.Project)
			return domain.TurnOnPublicLink{Project: c.Project, Token: token, Nonce: nonce}, nil
		})
	defineWith(s, spec{"rotate_public_link", http.MethodPost, link + "/rotate", tag, "Replace the link, which is dead at once, by the one that this answers"},
		func(_ context.Context, b *commandBuilder, c rotatePublicLink) (domain.Command, error) {
			nonce, token := b.linkToken(c.Project)
			return domain.RotatePublicLink{Project: c.Project, Token: token, Nonce: nonce}, nil
		})
	define(s, spec{"turn_off_public_link", http.MethodDelete, link, tag, "End the link at once"},
		func(c turnOffPublicLink) (domain.Command, error) {
			return domain.TurnOffPublicLink{Project: c.Project}, nil
		})
}

type turnOnPublicLink struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}

type rotatePublicLink struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}

type turnOffPublicLink struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}
