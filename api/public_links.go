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

// publicLink tells those who may hand it on of a project's link.
type publicLink struct {
	On bool `json:"on"`
	// Token is the secret in the link; empty where it is off.
	Token string  `json:"token,omitzero" doc:"The secret that opens the project."`
	Since *Origin `json:"since,omitzero" doc:"What made the present link."`
}

// publicProject is a project as whoever holds its link sees it.
type publicProject struct {
	Project     events.ProjectID `json:"project"`
	Name        string           `json:"name"`
	Permissions events.Levels    `json:"permissions"`
	ReadOnly    bool             `json:"read_only,omitzero" doc:"Whether the project, or its organization, is archived."`
}

// linkOpening shows the secret in its body, which no log writes down.
type linkOpening struct {
	ProjectPath
	Body struct {
		Token string `json:"token" doc:"The secret in the link." maxLength:"255"`
	}
}

func (s *Server) publicLinkRoutes() {
	s.publicLinkCommands()
	const one, tag = organizationPath + "/projects/{project}/public-link", "Public links"
	read(s, route{http.MethodGet, one, "get_public_link", tag, "Look at a project's public link"}, s.getPublicLink)
	read(s, route{http.MethodPost, one + "/open", "open_public_link", tag, "Open a project by its public link, whoever one is"}, s.openPublicLink)
}

func (s *Server) getPublicLink(ctx context.Context, in *ProjectPath) (*answer[publicLink], error) {
	org, found, position, err := s.visibleProject(ctx, *in)
	if err != nil {
		return nil, err
	}
	if err := org.Authorize(requestFrom(ctx).actor, domain.SeeingPublicLink, domain.About{Project: in.Project}); err != nil {
		return nil, err
	}
	var shown publicLink
	if link, on := found.PublicLink(); on {
		since := originOf(in.Org, link.Origin)
		shown = publicLink{On: true, Token: s.Keyring.Token(in.Org, events.Subject{Kind: events.ProjectSubject, ID: string(in.Project)}, link.Nonce), Since: &since}
	}
	return fromMemory(org, position, shown), nil
}

// openPublicLink answers a wrong secret as a project that there is not. The version
// of the organization stays with its members.
func (s *Server) openPublicLink(_ context.Context, in *linkOpening) (*answer[publicProject], error) {
	view := s.Desk.View()
	org := view.State.Organization(in.Org)
	access, opens := org.ThroughLink(in.Project, events.Sum([]byte(in.Body.Token)))
	if !opens {
		return nil, domain.ErrNoProject
	}
	found, _ := org.Project(in.Project)
	return &answer[publicProject]{Position: view.Position, Body: publicProject{
		Project: in.Project, Name: found.Name, Permissions: access.Levels(), ReadOnly: access.ReadOnly,
	}}, nil
}
