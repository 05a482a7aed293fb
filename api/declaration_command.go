package api

import (
	"cmp"
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// buildDeclaration builds the command with every entry at the place where it was sent, so that
// what is refused can be found there.
func buildDeclaration(ctx context.Context, b *commandBuilder, c declaration) (domain.Command, error) {
	names, err := newDeclaredNames(ctx, b, c.ByLogin)
	if err != nil {
		return nil, err
	}
	command := domain.Declaration{Scheme: c.Scheme, Name: inputName(c.Name), Partial: c.Partial}
	if command.Projects, err = c.projects(names); err != nil { // first, since they give names to others
		return nil, err
	}
	if command.Members, err = c.members(ctx, b, names); err != nil {
		return nil, err
	}
	command.Teams, err = c.teams(names)
	return command, err
}

func (c declaration) members(ctx context.Context, b *commandBuilder, names *declaredNames) ([]domain.DeclaredMember, error) {
	return mapEntries(c.Members, func(m declaredMember) (domain.DeclaredMember, error) {
		id, err := names.user(m.User)
		if err != nil {
			return domain.DeclaredMember{}, err
		}
		found := domain.DeclaredMember{Member: id, Role: m.Role, Levels: m.Levels, Until: instantOrNil(m.Until), Deactivated: m.Deactivated}
		if login := cmp.Or(m.Login, string(m.User)); login != string(id) && !names.isMember(id) {
			profile, err := b.personalData(ctx, id, Profile{Login: login})
			if err != nil {
				return domain.DeclaredMember{}, err
			}
			found.Login = profile.Login
		}
		return found, nil
	})
}

func (c declaration) teams(names *declaredNames) ([]domain.DeclaredTeam, error) {
	return mapEntries(c.Teams, func(t declaredTeam) (found domain.DeclaredTeam, err error) {
		found = domain.DeclaredTeam{
			Team: idOrNew(events.TeamID("")), Name: inputName(t.Name), Parent: inputName(t.Parent), Description: t.Description, Privacy: t.Privacy, Colour: t.Colour,
		}
		for _, name := range t.Previously {
			found.Previously = append(found.Previously, inputName(name))
		}
		if found.Members, err = mapEntries(t.Members, func(m declaredTeamMember) (domain.DeclaredTeamMember, error) {
			id, err := names.user(m.User)
			return domain.DeclaredTeamMember{Member: id, Role: m.Role}, err
		}); err != nil {
			return found, err
		}
		found.Projects, err = mapEntries(t.Projects, func(a declaredAssignment) (domain.DeclaredAssignment, error) {
			id, err := names.project(a.Project)
			return domain.DeclaredAssignment{Project: id, Role: a.Role, Until: instantOrNil(a.Until)}, err
		})
		return found, err
	})
}

func (c declaration) projects(names *declaredNames) ([]domain.DeclaredProject, error) {
	return mapEntries(c.Projects, func(p declaredProject) (domain.DeclaredProject, error) {
		found := domain.DeclaredProject{Project: p.Project, Name: inputName(p.Name), Description: p.Description, Archived: p.Archived}
		var err error
		renamed := names.rename(p.Project, p.Previously)
		if found.Project, err = names.project(p.Project); err != nil {
			return found, err
		}
		if found.Name == "" && (renamed || c.ByLogin && !c.Partial) {
			found.Name = inputName(string(p.Project))
		}
		found.Members, err = mapEntries(p.Members, func(m declaredProjectMember) (domain.DeclaredProjectMember, error) {
			id, err := names.user(m.User)
			return domain.DeclaredProjectMember{Member: id, Role: m.Role, Levels: m.Levels, Until: instantOrNil(m.Until)}, err
		})
		return found, err
	})
}

// mapEntries converts a section; nil stays nil.
func mapEntries[F, T any](section []F, convert func(F) (T, error)) ([]T, error) {
	if section == nil {
		return nil, nil
	}
	converted := make([]T, len(section))
	for i, entry := range section {
		var err error
		if converted[i], err = convert(entry); err != nil {
			return nil, err
		}
	}
	return converted, nil
}

func instantOrNil(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	instant := events.Instant(*t)
	return &instant
}
