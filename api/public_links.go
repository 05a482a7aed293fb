package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) publicLinkCommands() {
	const link, tag = "/projects/{project}/public-link", "Public links"
	defineWith(s, spec{"turn_on_public_link", http.MethodPost, link, tag, "Turn on a project's public link; the answer has its secret"},
		func(_ context.Context, b *commandBuilder, c turnOnPublicLink) (domain.Command, error) {
			nonce, token := b.linkToken(c.Project)
			return domain.TurnOnPublicLink{Project: c.Project, Token: token, Nonce: nonce}, nil
		})
	defineWith(s, spec{"rotate_public_link", http.MethodPost, link + "/rotate", tag, "Replace a project's public link; the old one stops working, the answer has the new secret"},
		func(_ context.Context, b *commandBuilder, c rotatePublicLink) (domain.Command, error) {
			nonce, token := b.linkToken(c.Project)
			return domain.RotatePublicLink{Project: c.Project, Token: token, Nonce: nonce}, nil
		})
	define(s, spec{"turn_off_public_link", http.MethodDelete, link, tag, "Turn off a project's public link"},
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

// publicLink is the public link of a project, for those who may see its secret.
type publicLink struct {
	On bool `json:"on"`
	// Token is the secret in the link; empty where it is off.
	Token string  `json:"token,omitzero" doc:"The secret that opens the project."`
	Since *Origin `json:"since,omitzero" doc:"The event that made the present link."`
}

// publicProject is a project as whoever holds its link sees it.
type publicProject struct {
	Project     events.ProjectID `json:"project"`
	Name        string           `json:"name"`
	Permissions events.Levels    `json:"permissions"`
	ReadOnly    bool             `json:"read_only,omitzero" doc:"Whether the project, or its organization, is archived."`
}

// linkOpening has the secret in its body, since logs have paths and queries, but no bodies.
type linkOpening struct {
	ProjectPath
	Body struct {
		Token string `json:"token" doc:"The secret in the link." maxLength:"255"`
	}
}

func (s *Server) publicLinkRoutes() {
	s.publicLinkCommands()
	const one, tag = organizationPath + "/projects/{project}/public-link", "Public links"
	read(s, route{http.MethodGet, one, "get_public_link", tag, "Read a project's public link"}, s.getPublicLink)
	read(s, route{http.MethodPost, one + "/open", "open_public_link", tag, "Read a project by its public link, without being a member"}, s.openPublicLink)
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

// openPublicLink answers a wrong secret with 404, as for a project that does not exist. Its
// answer has no version of the organization, which is for members only.
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
