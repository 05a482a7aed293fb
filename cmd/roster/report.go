package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// reportCmd is about whole organizations.
type reportCmd struct {
	PendingInvites    reportInvitesCmd    `cmd:"" help:"Tell which invites have been pending for some days."`
	BroadAccess       reportBroadCmd      `cmd:"" help:"Tell who has full access to most."`
	ProjectsPerMember reportProjectsCmd   `cmd:"" help:"Tell how many projects each active member reaches."`
	ProjectAdmins     reportAdminsCmd     `cmd:"" help:"Tell who holds the highest role on which project."`
	UnreviewedAccess  reportUnreviewedCmd `cmd:"" help:"Tell whose access nobody has reviewed for some days."`
}

// reporting is what all reports share.
type reporting struct {
	inOrg

	CSV bool `name:"csv" help:"Print a file for spreadsheets."`
}

// report prints a report as a table, or as the server's own CSV.
func (r reporting) report(ctx context.Context, sh *shell, name string, query url.Values, shown string) error {
	if !r.CSV {
		return sh.list(ctx, r.at("reports", name), query, shown)
	}
	client, err := sh.client()
	if err != nil {
		return err
	}
	query.Set("format", "csv")
	table, err := client.open(ctx, http.MethodGet, r.at("reports", name), query, nil, "text/csv")
	if err != nil {
		return err
	}
	defer table.Close()
	_, err = io.Copy(sh.out, table)
	return err
}

// What reports show.
const (
	reachColumns   = "USER=user LOGIN=login NAME=name EMAIL=email ROLE=role PROJECTS=projects FULL=full EVERYTHING=everything"
	holdingColumns = "PROJECT=project USER=user LOGIN=login NAME=name EMAIL=email ROLE=role SINCE=since ATTESTED=attested.since BY=attested.by"
	pendingColumns = "INVITE=invite EMAIL=email ROLE=role PROJECTS=projects SENT=sent.since BY=sent.by EXPIRES=expires_at EXPIRED=expired"
)

type reportInvitesCmd struct {
	reporting

	Days int `default:"30" help:"For how many days at least."`
}

// Run prints the report.
func (c *reportInvitesCmd) Run(ctx context.Context, sh *shell) error {
	return c.report(ctx, sh, "pending-invites", days(c.Days), pendingColumns)
}

type reportBroadCmd struct {
	reporting

	Projects int `default:"1" help:"On how many projects at least they may do everything."`
}

// Run prints the report.
func (c *reportBroadCmd) Run(ctx context.Context, sh *shell) error {
	query := paged(map[string]string{"projects": strconv.Itoa(c.Projects)})
	return c.report(ctx, sh, "broad-access", query, reachColumns)
}

type reportProjectsCmd struct{ reporting }

// Run prints the report.
func (c *reportProjectsCmd) Run(ctx context.Context, sh *shell) error {
	return c.report(ctx, sh, "projects-per-member", paged(nil), reachColumns)
}

type reportAdminsCmd struct{ reporting }

// Run prints the report.
func (c *reportAdminsCmd) Run(ctx context.Context, sh *shell) error {
	return c.report(ctx, sh, "project-admins", paged(nil), holdingColumns)
}

type reportUnreviewedCmd struct {
	reporting

	Days int `default:"90" help:"For how many days at least."`
}

// Run prints the report.
func (c *reportUnreviewedCmd) Run(ctx context.Context, sh *shell) error {
	return c.report(ctx, sh, "unreviewed-access", days(c.Days), holdingColumns)
}

func days(n int) url.Values {
	return paged(map[string]string{"days": strconv.Itoa(n)})
}
