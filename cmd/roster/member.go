package main

// memberCmd is about the members of an organization.
type memberCmd struct {
	Add        memberAddCmd      `cmd:"" does:"add_member" help:"Make somebody a member at once, without an invite; a membership that has ended begins again, with its projects and teams."`
	Import     memberImportCmd   `cmd:"" dryrun:"" help:"Import people from a file, CSV or JSON: members with a user id, invites without."`
	List       memberListCmd     `cmd:"" lists:"list_members" columns:"USER=user LOGIN=login NAME=name EMAIL=email ROLE=role ELEVATED=elevation.role ELEVATED-UNTIL=elevation.until STATUS=status PROJECTS=projects BADGES=badges JOINED=joined.since FROM=from UNTIL=until" help:"List members."`
	Show       memberShowCmd     `cmd:"" shows:"get_member" help:"Look at a member, and at what the actor may do about them."`
	Projects   memberProjectsCmd `cmd:"" lists:"list_member_projects" columns:"PROJECT=id NAME=name ROLE=role" help:"List the projects that a member reaches, with the role there."`
	Holdings   memberShowCmd     `cmd:"" shows:"get_member_holdings" help:"Show what a member holds and would lose by leaving: role, levels, projects, teams, overrides; with --at, what somebody held who has left."`
	Profile    memberProfileCmd  `cmd:"" does:"change_profile" help:"Change what is known about a member: only what is named changes."`
	Role       memberRoleCmd     `cmd:"" does:"change_member_role" help:"Change a member's role in the organization."`
	Levels     memberLevelsCmd   `cmd:"" does:"change_member_levels" help:"Change a member's own levels in the organization."`
	Start      memberStartCmd    `cmd:"" does:"change_member_start" help:"Change when a membership starts that has not started."`
	End        memberEndCmd      `cmd:"" does:"change_member_end" help:"Change when a membership ends."`
	Deactivate memberArg         `cmd:"" does:"deactivate_member" help:"Deactivate a member, who keeps every role and has access to nothing."`
	Reactivate memberArg         `cmd:"" does:"reactivate_member" help:"Reactivate a member, who then has the same access as before."`
	Attest     memberArg         `cmd:"" does:"attest_access" help:"Record that the actor has reviewed all access that a member has."`
	Remove     memberRemoveCmd   `cmd:"" does:"remove_member" asks:"" help:"End a membership with everything that hangs on it."`
}

// memberArg is the argument of verbs about one member.
type memberArg struct {
	organizationFlag

	User string `arg:"" help:"The member." json:"user"`
}

type memberAddCmd struct {
	organizationFlag
	levelFlag
	termFlags

	User  string `arg:"" help:"The user's id." json:"user"`
	Role  string `help:"Role in the organization; without it the scheme's default." json:"role,omitzero"`
	Login string `help:"The spelling that people see, where it is not the id." json:"login,omitzero"`
	Name  string `help:"The person's name." json:"name,omitzero"`
	Email string `help:"The person's address." json:"email,omitzero"`

	Avatar     string            `placeholder:"URL" help:"The URL of a picture." json:"avatar,omitzero"`
	ExternalID string            `help:"The person's id in another system." json:"external_id,omitzero"`
	Metadata   map[string]string `placeholder:"KEY=TEXT" help:"What another system keeps about the person; may be given several times." json:"metadata,omitzero"`
	OnConflict string            `enum:",refuse,update" default:"" help:"If the person is a member already and something differs: refuse it, or update the profile and nothing else; without it refuse." json:"on_conflict,omitzero"`
}

type memberProfileCmd struct {
	memberArg

	Name       *string           `help:"The person's name; an empty one, as in \"\", removes it, as with the other flags." json:"name,omitzero"`
	Login      *string           `help:"The spelling that people see." json:"login,omitzero"`
	Email      *string           `help:"The person's address." json:"email,omitzero"`
	Avatar     *string           `placeholder:"URL" help:"The URL of a picture." json:"avatar,omitzero"`
	ExternalID *string           `help:"The person's id in another system." json:"external_id,omitzero"`
	Metadata   map[string]string `placeholder:"KEY=TEXT" help:"What another system keeps about the person; may be given several times. KEY= removes an entry." json:"metadata,omitzero"`
}

type memberShowCmd struct {
	memberArg
	atFlag
}

type memberProjectsCmd struct {
	memberArg
	atFlag
}

type memberListCmd struct {
	organizationFlag
	searchFlag
	atFlag

	Role   string `help:"Only those with this role, also those who are elevated to it for a time: ELEVATED-UNTIL says until when, ROLE their own." json:"role,omitzero"`
	Status string `enum:",active,deactivated,not_started,ended" default:"" help:"Only those who are active or deactivated, or whose membership has not started or has ended." json:"status,omitzero"`
}

type memberRoleCmd struct {
	memberArg

	Role string `arg:"" help:"The new role." json:"role"`
}

type memberLevelsCmd struct {
	memberArg
	newLevels
}

// transferFlag names who takes over the projects that a membership must not leave behind.
type transferFlag struct {
	TransferTo string `placeholder:"USER" help:"Who takes over projects that would be left without an owner; without it, who gives the command." json:"transfer_to,omitzero"`
}

type memberRemoveCmd struct {
	memberArg
	transferFlag
}

type memberStartCmd struct {
	memberArg
	newStart
}

type memberEndCmd struct {
	memberArg
	newEnd
	transferFlag
}
