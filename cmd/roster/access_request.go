package main

// requestCmd is about requests for access.
type requestCmd struct {
	Ask      requestAskCmd     `cmd:"" does:"request_access" help:"Ask to join an organization, or for access to a project."`
	Elevate  requestElevateCmd `cmd:"" does:"request_elevation" help:"Ask for a higher role for a time."`
	End      requestArg        `cmd:"" does:"end_elevation" asks:"" help:"End a higher role before its time."`
	List     requestListCmd    `cmd:"" lists:"list_access_requests" columns:"REQUEST=id USER=user NAME=name PROJECT=project ROLE=role ELEVATION=elevation ASKED=asked.since UNTIL=decision.until|until EXPIRES=expires_at STATUS=status REASON=reason ANSWER=decision.reason" help:"List requests for access, those that are pending unless --status says others."`
	Approve  requestApproveCmd `cmd:"" does:"approve_access_request" help:"Give what somebody has asked for, or less."`
	Deny     requestDenyCmd    `cmd:"" does:"deny_access_request" help:"Refuse what somebody has asked for."`
	Withdraw requestArg        `cmd:"" does:"withdraw_access_request" asks:"" help:"Take back what the actor has asked for."`
	Mine     requestMineCmd    `cmd:"" lists:"list_my_access_requests" columns:"ORGANIZATION=organization REQUEST=id PROJECT=project ROLE=role ELEVATION=elevation ASKED=asked.since UNTIL=decision.until|until EXPIRES=expires_at STATUS=status REASON=reason ANSWER=decision.reason" help:"List what the actor has asked for, in all organizations."`
}

type requestAskCmd struct {
	organizationFlag
	untilFlag

	ID      string `help:"The request's id; without it one is made." json:"id,omitzero"`
	User    string `help:"Who asks; without it the actor." json:"user,omitzero"`
	Project string `help:"The project; without it to join the organization." json:"project,omitzero"`
	Role    string `help:"The role; without it the scheme's default." json:"role,omitzero"`
	Reason  string `placeholder:"TEXT" help:"Why; whoever decides reads it." json:"reason,omitzero"`
	Expires expiry `placeholder:"TIME" help:"When the request ends, within 90 days: ${end}; without it as the scheme says." json:"expires_at,omitzero"`
	Login   string `help:"To join: the spelling that people see, where it is not the id." json:"login,omitzero"`
	Name    string `help:"To join: the person's name." json:"name,omitzero"`
	Email   string `help:"To join: the person's address, which was verified." json:"email,omitzero"`
}

type requestElevateCmd struct {
	organizationFlag

	Role    string   `required:"" help:"The role, one that the scheme allows from that of the actor." json:"role"`
	Project string   `help:"The project; without it a role in the organization." json:"project,omitzero"`
	For     minutes  `placeholder:"DURATION" help:"How long, from the approval on: 90m or 4h." json:"minutes,omitzero"`
	Until   deadline `placeholder:"TIME" help:"Until when, instead of how long: ${end}." json:"until,omitzero"`
	Reason  string   `placeholder:"TEXT" help:"Why; whoever decides reads it." json:"reason,omitzero"`
	ID      string   `help:"The request's id; without it one is made." json:"id,omitzero"`
	User    string   `help:"Who asks; without it the actor." json:"user,omitzero"`
	Expires expiry   `placeholder:"TIME" help:"When the request ends, within 90 days: ${end}; without it as the scheme says." json:"expires_at,omitzero"`
}

// requestStatusFlag asks for requests by how they stand.
type requestStatusFlag struct {
	Status string `placeholder:"STATUS" enum:",pending,approved,denied,withdrawn,expired,void,all" default:"" help:"Which: pending, approved, denied, withdrawn, expired, void or all." json:"status,omitzero"`
}

type requestListCmd struct {
	organizationFlag
	requestStatusFlag
	atFlag

	User    string `help:"Those of one person." json:"user,omitzero"`
	Project string `help:"Those for one project." json:"project,omitzero"`
}

type requestMineCmd struct{ requestStatusFlag }

// requestArg is the argument of verbs about one request.
type requestArg struct {
	organizationFlag

	Request string `arg:"" help:"The request." json:"request"`
}

type requestApproveCmd struct {
	requestArg

	Role  string   `help:"A lower role than was asked for; without it what was asked for." json:"role,omitzero"`
	Until deadline `placeholder:"TIME" help:"When the access ends, if earlier than was asked for: ${end}." json:"until,omitzero"`
}

type requestDenyCmd struct {
	requestArg

	Reason string `placeholder:"TEXT" help:"Why; whoever asked reads it." json:"reason,omitzero"`
}
