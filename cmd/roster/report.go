package main

// reportCmd is about whole organizations.
type reportCmd struct {
	PendingInvites    reportInvitesCmd    `cmd:"" lists:"report_pending_invites" columns:"INVITE=invite EMAIL=email ROLE=role PROJECTS=projects.project SENT=sent.since BY=sent.by EXPIRES=expires_at STATUS=status REASON=reason" help:"List the invites that nobody has accepted or revoked for some days."`
	BroadAccess       reportBroadCmd      `cmd:"" lists:"report_broad_access" columns:"USER=user LOGIN=login NAME=name EMAIL=email ROLE=role ELEVATED-UNTIL=elevated_until PROJECTS=projects FULL=full BROAD=broad EVERYTHING=everything" help:"List the people who have broad access, in the organization or on projects."`
	ProjectsPerMember reportFlags         `cmd:"" lists:"report_projects_per_member" columns:"USER=user LOGIN=login NAME=name EMAIL=email ROLE=role ELEVATED-UNTIL=elevated_until PROJECTS=projects FULL=full EVERYTHING=everything" help:"List how many projects each active member has access to."`
	ProjectAdmins     reportFlags         `cmd:"" lists:"report_project_admins" columns:"PROJECT=project USER=user LOGIN=login NAME=name EMAIL=email ROLE=role ELEVATED-UNTIL=elevated_until SINCE=since ATTESTED=attested.since BY=attested.by" help:"List the people who hold the highest role on each project."`
	SimilarLogins     reportFlags         `cmd:"" lists:"report_similar_logins" columns:"USER=user LOGIN=login NAME=name EMAIL=email" help:"List the members whose logins differ from those of others in case alone."`
	Seats             reportFlags         `cmd:"" lists:"report_seats" columns:"HOLDER=holder USER=user LOGIN=login NAME=name EMAIL=email INVITE=invite ROLE=role SINCE=since" help:"List all that hold a seat: members, then invites where the scheme gives them one."`
	WithoutOwner      reportFlags         `cmd:"" lists:"report_without_owner" columns:"PROJECT=project NAME=project_name ROLE=role LABEL=role_label HELD=held AT-LEAST=at_least" help:"List the roles that must be held and have too few holders, in the organization and on each project."`
	UnreviewedAccess  reportUnreviewedCmd `cmd:"" lists:"report_unreviewed_access" columns:"PROJECT=project USER=user LOGIN=login NAME=name EMAIL=email ROLE=role ELEVATED-UNTIL=elevated_until SINCE=since ATTESTED=attested.since BY=attested.by" help:"List the access that nobody has reviewed for some days."`
}

// reportFlags are those of all reports.
type reportFlags struct {
	organizationFlag
	atFlag

	CSV    bool   `name:"csv" help:"Print a file for spreadsheets." json:"-"`
	Format string `kong:"-" json:"format,omitzero"`
}

// AfterApply asks for the format that the flag names. Kong wants the error.
func (r *reportFlags) AfterApply() error { //nolint:unparam // the signature is Kong's
	if r.CSV {
		r.Format = "csv"
	}
	return nil
}

// csv reports whether the server's own CSV is to be printed.
func (r *reportFlags) csv() bool { return r.CSV }

type reportInvitesCmd struct {
	reportFlags

	Days int `default:"30" help:"For how many days at least." json:"days"`
}

type reportBroadCmd struct {
	reportFlags

	Projects int `default:"1" help:"On how many projects at least they may do everything." json:"projects"`
}

type reportUnreviewedCmd struct {
	reportFlags

	Days int `default:"90" help:"For how many days at least." json:"days"`
}
