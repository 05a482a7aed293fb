package domain_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// everybody and everywhere are whom and what a snapshot asks about, some of whom and
// of which there never were.
var (
	everybody  = append(slices.Clone(someone), "nobody")
	everywhere = append(slices.Clone(anything), "nowhere")
)

// snapshot is a state in words, by what they are about.
type snapshot map[string]string

func (p snapshot) say(about string, args ...any) { p[about] = fmt.Sprint(args...) }

// until writes a start or an end.
func until(t time.Time) string {
	if t.IsZero() {
		return "ever"
	}
	return t.UTC().Format(time.RFC3339)
}

// ownLevels are in words what was agreed; none are empty ones.
func ownLevels(l events.Levels) string { return fmt.Sprint(map[events.PermissionKey]events.Level(l)) }

func snapshotOf(org domain.Organization) snapshot {
	p := snapshot{}
	p.say("exists", org.Exists())
	if !org.Exists() {
		return p
	}
	limit, taken := org.Seats()
	p.say("organization", org.Name(), org.Archived(), taken, limit)
	p.say("roles", labels(org.Scheme().Scheme))
	for user, member := range org.Members() {
		_, deactivated := member.Deactivated()
		p.say("member "+string(user), member.Role, ownLevels(member.Levels()), until(member.From()), until(member.Until()), deactivated)
		p.say("profile of "+string(user), member.Name, " ", member.Login, " ", profileText(member.Email, member.Address), " ", member.Avatar, " ",
			profileText(member.ExternalID, member.ExternalIDHash), " ", map[events.MetadataKey]events.Sealed(member.Metadata))
	}
	for id, project := range org.Projects() {
		link, _ := project.PublicLink()
		p.say("project "+string(id), project.Name, project.Description, project.Archived, link.Nonce, slices.Sorted(project.Granted()), slices.Collect(project.Overridden()))
		for a := range project.Assignments() {
			p.say(fmt.Sprintf("assignment of %s on %s", a.Team, id), a.Role, until(a.From()), until(a.Until()))
		}
	}
	for id, team := range org.Teams() {
		var named events.TeamID // there is one
		for _, other := range org.TeamsNamed(team.Name) {
			named += other
		}
		p.say("team "+string(id), named, team.Name, team.Parent, team.Privacy, team.Colour)
		for user, place := range team.Members() {
			p.say(fmt.Sprintf("%s in %s", user, id), place.Role)
		}
	}
	for id, invite := range org.Invites() {
		p.say("invite "+string(id), invite.Role, until(invite.From), invite.Member)
	}
	p.say("intake", org.AccessRequestChoice())
	p.say("locale", org.Locale())
	for _, user := range everybody {
		for _, n := range org.NoticeChoices(user) {
			p.say(fmt.Sprintf("notices %s %s %s", user, n.Kind, n.Channel), n.Own, " ", n.Default)
		}
	}
	for name, d := range org.EmailDomains() {
		p.say("domain "+string(name), d.Mode, " ", d.Role)
	}
	for id, r := range org.AccessRequests() {
		p.say("request "+string(id), r.Member, " ", r.Project, " ", r.Role, " ", r.For, " ", org.AccessRequestStatus(r))
	}
	for _, user := range everybody {
		p.say(string(user), viewed(org.InOrganization(user)))
		for _, project := range everywhere {
			p.say(fmt.Sprintf("%s on %s", user, project), viewed(org.Access(user, project)))
		}
	}
	return p
}

// hasPassed tells whether an end has passed. The zero time is none, and is before every end.
func hasPassed(end, now time.Time) bool { return !end.IsZero() && !now.IsZero() && !end.After(now) }

func labels(s events.Scheme) (all []string) {
	for _, role := range slices.Concat(s.OrganizationRoles, s.ProjectRoles) {
		all = append(all, string(role.Key)+role.Label)
	}
	return all
}

func viewed(a domain.Access) view {
	v := view{reason: string(a.Reason), role: a.Role, levels: a.Levels()}
	for _, s := range a.Sources {
		v.sources = append(v.sources, fmt.Sprintf("%s %s %s>%s %v", s.Kind, s.Role, s.Team, s.Via, s.Bypass))
	}
	for _, o := range a.Overrides {
		v.overrides = append(v.overrides, fmt.Sprintf("%s %s instead of %s", o.Permission, o.Level, o.Replaced))
	}
	return v
}

// snapshotAt is the same of the model.
func (m *model) snapshotAt(now time.Time) snapshot {
	p := snapshot{}
	p.say("exists", m.exists)
	if !m.exists {
		return p
	}
	limit := m.seats
	if limit == 0 {
		limit = m.rules.Seats.Limit
	}
	p.say("organization", m.name, m.archived, m.taken(now), limit)
	p.say("roles", labels(m.rules))
	for user, member := range m.members {
		p.say("member "+string(user), member.role, ownLevels(member.levels), until(member.from), until(member.until), member.deactivated)
		p.say("profile of "+string(user), member.profile[events.NameField], " ", member.profile[events.LoginField], " ", member.profile[events.EmailField], " ",
			member.profile[events.AvatarField], " ", member.profile[events.ExternalIDField], " ", map[events.MetadataKey]events.Sealed(member.metadata))
	}
	for id, project := range m.projects {
		var overridden []events.UserID
		for _, user := range slices.Sorted(maps.Keys(project.overrides)) {
			if len(project.overrides[user]) > 0 {
				overridden = append(overridden, user)
			}
		}
		p.say("project "+string(id), project.name, project.description, project.archived, project.link, slices.Sorted(maps.Keys(project.grants)), overridden)
		for team, a := range project.assignments {
			p.say(fmt.Sprintf("assignment of %s on %s", team, id), a.Role, until(a.From), until(a.Until))
		}
	}
	for id, team := range m.teams {
		p.say("team "+string(id), id, team.Name, team.Parent, team.Privacy, team.Colour)
		for user, role := range team.members {
			p.say(fmt.Sprintf("%s in %s", user, id), role)
		}
	}
	for id, invite := range m.invites {
		p.say("invite "+string(id), invite.Role, until(invite.From), invite.Member)
	}
	p.say("intake", m.intake)
	p.say("locale", m.locale)
	for _, user := range everybody {
		for _, channel := range []events.NoticeChannel{events.InboxChannel, events.MailChannel} {
			for _, kind := range domain.NoticeKinds(channel) {
				way := fmt.Sprintf(" %s %s", kind, channel)
				p.say("notices "+string(user)+way, m.heard[string(user)+way], " ", m.heard[way])
			}
		}
	}
	for name, d := range m.domains {
		p.say("domain "+string(name), d.Mode, " ", d.Role)
	}
	for id, r := range m.requests {
		status := r.closed
		switch {
		case status != "":
		case hasPassed(r.Expires, now), hasPassed(r.Until, now):
			status = domain.AccessExpired
		default:
			status = domain.AccessPending
		}
		p.say("request "+string(id), r.Member, " ", r.Project, " ", r.Role, " ", time.Duration(r.Minutes)*time.Minute, " ", status)
	}
	for _, user := range everybody {
		p.say(string(user), m.inOrganization(user, now))
		for _, project := range everywhere {
			p.say(fmt.Sprintf("%s on %s", user, project), m.onProject(user, project, now))
		}
	}
	return p
}

// requireSameSnapshot compares snapshots.
func requireSameSnapshot(t *rapid.T, what string, want, got snapshot) {
	t.Helper()
	assert.Equal(t, want, got, what)
}

// TestEveryWayToAStateEqualsTheModel holds that a history gives one state, as the model
// has it, whether lived through step by step, read at once in one transient state, or read from
// the ledger; now, and at any time to come.
func TestEveryWayToAStateEqualsTheModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lived domain.Organization
		history := play(t, func(s step) { lived = s.after })
		last := history[len(history)-1].At
		message, err := events.Encode(events.Commit{Entries: history})
		require.NoError(t, err)
		read, err := events.Decode(message, 1)
		require.NoError(t, err)
		model := modelled(history)
		instants := []time.Time{last, last.Add(2 * time.Hour), last.Add(30 * time.Hour)}
		for of, at := range lived.Boundaries() { // starts are included, ends are not
			if at.After(last) && of.Invite == "" {
				instants = append(instants, at.Add(-1), at, at.Add(1))
			}
		}
		for _, now := range instants[:3+min(len(instants)-3, 9)] {
			want := model.withStatusesOf(lived.At(now)).snapshotAt(now)
			requireSameSnapshot(t, "lived", want, snapshotOf(lived.At(now)))
			requireSameSnapshot(t, "in one transient state", want, snapshotOf(domain.Roster{}.Evolve(history...).Organization("acme").At(now)))
			requireSameSnapshot(t, "from the ledger", want, snapshotOf(domain.Roster{}.Evolve(read.Entries...).Organization("acme").At(now)))
		}
	})
}

// TestStatesBeforeStay holds that no change reaches back into a state that somebody
// may still look at, whether that state was transient or not.
func TestStatesBeforeStay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var states []domain.Organization
		var snapshots []snapshot
		history := play(t, func(s step) {
			if chance(t, 4) {
				states, snapshots = append(states, s.after), append(snapshots, snapshotOf(s.after))
			}
		})
		half := len(history) / 2
		middle := domain.Roster{}.Evolve(history[:half]...)
		before := snapshotOf(middle.Organization("acme"))
		transient := middle.Transient()
		for _, entry := range history[half:] {
			transient = transient.Evolve(entry)
		}
		transient.Persistent()
		requireSameSnapshot(t, "what a transient state was made of", before, snapshotOf(middle.Organization("acme")))
		for i, state := range states {
			requireSameSnapshot(t, "an earlier state", snapshots[i], snapshotOf(state))
		}
	})
}
