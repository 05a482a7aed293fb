package replica_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/replica"
	"github.com/seed-2026d078/roster/scheme"
)

func person(i int) events.UserID     { return events.UserID("u" + strconv.Itoa(i)) }
func project(i int) events.ProjectID { return events.ProjectID("p" + strconv.Itoa(i)) }
func team(i int) events.TeamID       { return events.TeamID("t" + strconv.Itoa(i)) }

// people and projects is how many of them random commands know.
const people, projects = 6, 4

// anyCommand draws a command that may mean something under a scheme.
func anyCommand(t *rand.Rand, s *domain.Scheme) domain.Command {
	user, on, group := person(t.IntN(people)), project(t.IntN(projects)), team(t.IntN(4))
	role, onProject := pick(t, s.OrganizationRoles()), pick(t, s.ProjectRoles())
	permission := pick(t, s.Permissions())
	level := events.Level(pick(t, []string{"none", "view", "full", "off", "on"}))
	if permission.Kind == events.ByToggle {
		level = events.Level(pick(t, []string{"off", "on"}))
	}
	conferred := onProject
	if s.Teams.Confer == events.MembersDefault {
		conferred = ""
	}
	return pick(t, []domain.Command{
		domain.AddMember{Member: user, Role: role},
		domain.AddMember{Member: user},
		domain.RemoveMember{Member: user},
		domain.DeactivateMember{Member: user},
		domain.ReactivateMember{Member: user},
		domain.ChangeMemberRole{Member: user, To: role},
		domain.ChangeMemberEnd{Member: user, Until: time.Now().Add(time.Hour)},
		domain.CreateProject{Project: on, Name: "P"},
		domain.CreateProject{Project: on, Name: "P"},
		domain.DeleteProject{Project: on},
		domain.ArchiveProject{Project: on},
		domain.RestoreProject{Project: on},
		domain.AddProjectMember{Project: on, Member: user, Role: onProject},
		domain.AddProjectMember{Project: on, Member: user, Role: onProject, Until: time.Now().Add(time.Hour)},
		domain.ChangeProjectMemberRole{Project: on, Member: user, To: onProject},
		domain.RemoveProjectMember{Project: on, Member: user},
		domain.SetOverride{Project: on, Member: user, Permission: permission.Key, Level: level},
		domain.ClearOverride{Project: on, Member: user, Permission: permission.Key},
		domain.TurnOnPublicLink{Project: on, Nonce: "n"},
		domain.CreateTeam{Team: group, Name: string(group)},
		domain.CreateTeam{Team: group, Name: string(group), Parent: team(t.IntN(4))},
		domain.RemoveTeam{Team: group},
		domain.MoveTeam{Team: group, To: team(t.IntN(4))},
		domain.AddTeamMember{Team: group, Member: user},
		domain.AddTeamMember{Team: group, Member: user},
		domain.RemoveTeamMember{Team: group, Member: user},
		domain.AssignTeam{Team: group, Project: on, Role: conferred},
		domain.AssignTeam{Team: group, Project: on, Role: conferred},
		domain.UnassignTeam{Team: group, Project: on},
		domain.ArchiveOrganization{},
		domain.RestoreOrganization{},
		domain.RestoreOrganization{},
	})
}

func pick[E any](t *rand.Rand, of []E) E { return of[t.IntN(len(of))] }

// play gives random commands to an organization, a third of them several at once.
func (s *server) play(t *rand.Rand, org events.OrganizationID, n int) {
	for range n {
		rules := s.desk.View().State.Organization(org).Scheme()
		if t.IntN(3) > 0 {
			_ = s.try(org, anyCommand(t, rules)) // it may be refused
			continue
		}
		var several domain.Batch
		for range 2 + t.IntN(4) {
			several = append(several, anyCommand(t, rules))
		}
		_ = s.try(org, several)
	}
}

// agree holds what a replica answers against the desk's state.
func (s *server) agree(r *replica.Replica, orgs ...events.OrganizationID) {
	s.t.Helper()
	state, allowed := s.desk.View().State, 0
	for _, id := range orgs {
		want := state.Organization(id).At(time.Now())
		require.True(s.t, want.Exists())
		for i := range people {
			for j := range projects {
				for _, permission := range want.Scheme().Permissions() {
					expected, err := want.Allows(person(i), project(j), permission.Key, "")
					require.NoError(s.t, err)
					got, err := r.Check(id, person(i), project(j), permission.Key, "")
					require.NoError(s.t, err)
					assert.Equal(s.t, expected, got, "%s on %s of %s: %s", person(i), project(j), id, permission.Key)
					if got {
						allowed++
					}
				}
				org, err := r.Organization(id)
				require.NoError(s.t, err)
				access := want.Access(person(i), project(j))
				assert.Equal(s.t, want.Explain(person(i), project(j), access, nil), org.Explain(person(i), project(j), org.Access(person(i), project(j)), nil))
			}
		}
	}
	assert.Positive(s.t, allowed, "somebody is allowed something")
}

// TestReplicaAgrees plays random commands under every scheme, while the relay, Roster or NATS end now and then,
// and asks replicas that begin at different times.
func TestReplicaAgrees(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	chance := rand.New(rand.NewPCG(1, 2))
	all, err := scheme.BuiltIn()
	require.NoError(t, err)
	var orgs []events.OrganizationID
	for _, key := range slices.Sorted(maps.Keys(all)) {
		orgs = append(orgs, events.OrganizationID(key))
		s.create(events.OrganizationID(key), key, people)
	}
	replicas := []*replica.Replica{s.open(replica.Options{})}
	for round := range 6 {
		for _, org := range orgs {
			s.play(chance, org, 25)
			_ = s.try(org, domain.RestoreOrganization{})
			_ = s.try(org, domain.RestoreProject{Project: "p0"})
		}
		switch round {
		case 1:
			s.stopRelay()
			s.startRelay()
		case 2:
			s.stop()
			s.start()
			replicas = append(replicas, s.open(replica.Options{}))
		case 3:
			_, err := s.relay.Rebuild(t.Context())
			require.NoError(t, err)
		case 4:
			s.drop()
		}
		for _, r := range replicas {
			s.wait(r)
			s.agree(r, orgs...)
		}
	}
}

// drop drops all messages that there are, while nobody reads them.
func (s *server) drop() {
	s.t.Helper()
	s.stopService()
	stream := s.stream()
	for consumer := range stream.ListConsumers(s.t.Context()).Info() {
		require.NoError(s.t, stream.DeleteConsumer(s.t.Context(), consumer.Name))
	}
	for org := range s.desk.View().State.Organizations() {
		s.give(org, domain.AddMember{Member: "late"})
		s.give(org, domain.RemoveMember{Member: "late"})
	}
	position := s.desk.View().Position
	require.Eventually(s.t, func() bool {
		last, err := stream.GetLastMsgForSubject(s.t.Context(), feed.HeartbeatSubject)
		require.NoError(s.t, err)
		return last.Header.Get(feed.Position) == strconv.FormatUint(uint64(position), 10)
	}, time.Minute, 10*time.Millisecond)
	info, err := stream.Info(s.t.Context())
	require.NoError(s.t, err)
	require.NoError(s.t, stream.Purge(s.t.Context(), jetstream.WithPurgeSequence(info.State.LastSeq)))
	s.startService()
}
