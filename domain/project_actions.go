package domain

import "github.com/seed-2026d078/roster/events"

// ActionsOnProject returns what an actor may do with a project. The roles are those
// that the actor may give to people whom they add.
func (o Organization) ActionsOnProject(m events.Moment, id events.ProjectID) AvailableActions {
	available := o.tryActions(m, About{Project: id, Member: m.Actor},
		trial{RenamingProject, single(RenameProject{id, trialName})},
		trial{DescribingProject, single(DescribeProject{id, trialName})},
		trial{ArchivingProject, single(ArchiveProject{id})},
		trial{RestoringProject, single(RestoreProject{id})},
		trial{DeletingProject, single(DeleteProject{id})},
		trial{TakingOverProject, single(TakeOverProject{id})},
		trial{TurningOnPublicLink, single(TurnOnPublicLink{Project: id})},
		trial{RotatingPublicLink, single(RotatePublicLink{Project: id})},
		trial{TurningOffPublicLink, single(TurnOffPublicLink{id})},
		trial{RemovingProjectMember, single(RemoveProjectMember{id, m.Actor})},
	)
	for _, action := range []events.Action{AddingProjectMember, AssigningTeam, SeeingProjectMembers, SeeingPublicLink} {
		if o.authorizedForSome(m.Actor, action, About{Project: id}) {
			available.Actions = append(available.Actions, action)
		}
	}
	for _, role := range o.scheme.project.keys() {
		if o.mayGiveOn(id, m.Actor, role, nil) == nil {
			available.Roles = append(available.Roles, role)
		}
	}
	return available
}
