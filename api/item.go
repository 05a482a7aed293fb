package api

import (
	"reflect"

	"github.com/go-json-experiment/json/jsontext"
)

// orders are what an item of a bulk command can be, by its type.
var orders = map[string]itemType{
	"create_organization":       item[createOrganization](),
	"rename_organization":       item[renameOrganization](),
	"archive_organization":      item[archiveOrganization](),
	"restore_organization":      item[restoreOrganization](),
	"delete_organization":       item[deleteOrganization](),
	"transfer_ownership":        item[transferOwnership](),
	"change_scheme":             item[changeScheme](),
	"change_seats":              item[changeSeats](),
	"define_role":               item[defineRole](),
	"redefine_role":             item[redefineRole](),
	"rename_role":               item[renameRole](),
	"retire_role":               item[retireRole](),
	"add_member":                item[addMember](),
	"change_role":               item[changeRole](),
	"change_levels":             item[changeLevels](),
	"change_member_end":         item[changeMemberEnd](),
	"deactivate_member":         item[deactivateMember](),
	"reactivate_member":         item[reactivateMember](),
	"remove_member":             item[removeMember](),
	"attest_access":             item[attestAccess](),
	"invite_member":             item[inviteMember](),
	"revoke_invite":             item[revokeInvite](),
	"accept_invite":             item[acceptInvite](),
	"create_project":            item[createProject](),
	"rename_project":            item[renameProject](),
	"archive_project":           item[archiveProject](),
	"restore_project":           item[restoreProject](),
	"delete_project":            item[deleteProject](),
	"turn_on_public_link":       item[turnOnPublicLink](),
	"rotate_public_link":        item[rotatePublicLink](),
	"turn_off_public_link":      item[turnOffPublicLink](),
	"add_project_member":        item[addProjectMember](),
	"change_project_role":       item[changeProjectRole](),
	"change_project_levels":     item[changeProjectLevels](),
	"change_project_member_end": item[changeProjectMemberEnd](),
	"remove_project_member":     item[removeProjectMember](),
	"set_override":              item[setOverride](),
	"clear_override":            item[clearOverride](),
	"create_team":               item[createTeam](),
	"rename_team":               item[renameTeam](),
	"describe_team":             item[describeTeam](),
	"colour_team":               item[colourTeam](),
	"move_team":                 item[moveTeam](),
	"remove_team":               item[removeTeam](),
	"add_team_member":           item[addTeamMember](),
	"change_team_role":          item[changeTeamRole](),
	"remove_team_member":        item[removeTeamMember](),
	"assign_team":               item[assignTeam](),
	"change_assignment":         item[changeAssignment](),
	"change_assignment_end":     item[changeAssignmentEnd](),
	"unassign_team":             item[unassignTeam](),
}

// itemType reads items of one type.
type itemType struct {
	decode func(jsontext.Value) (order, error)
	shape  reflect.Type
}

func item[O order]() itemType {
	return itemType{
		decode: func(text jsontext.Value) (order, error) {
			var read struct {
				Type  string `json:"type"`
				Order O      `json:",embed"`
			}
			err := decode(text, &read)
			return read.Order, err
		},
		shape: reflect.TypeFor[O](),
	}
}
