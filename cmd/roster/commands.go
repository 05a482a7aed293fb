package main

const description = `Roster keeps who belongs to an organization, its projects and teams, and what each may do there.

Exit codes: 0 done, or yes; 1 refused, or no; 2 the command line makes no sense, or something failed; 3 no
server answered.

Commands that remove something, or give away an organization, ask first if they are typed at a terminal. --yes answers. Without a terminal, as in
scripts, nothing is asked. Every command takes the flags of roster itself, too, in any place.`

// commands is the command line.
type commands struct {
	shell

	Serve  serveCmd    `cmd:"" group:"Server" help:"Run everything in one process."`
	Status noArguments `cmd:"" shows:"get_status" group:"Server" help:"Show whether the server and its parts work."`
	Clock  clockCmd    `cmd:"" group:"Server" help:"The clock by which the server decides commands."`
	Verify verifyCmd   `cmd:"" group:"Server" help:"Read the whole ledger and report whether it is complete and unaltered."`
	Feed   feedCmd     `cmd:"" group:"Server" help:"The feed for other services."`

	Subscriber subscriberCmd `cmd:"" group:"Server" help:"Who may read the feed."`
	Replicas   replicasCmd   `cmd:"" group:"Server" help:"Replicas in other services."`
	Receipt    receiptCmd    `cmd:"" group:"Server" help:"Ask by when replicas in other services had applied an event."`

	Mail    mailCmd     `cmd:"" group:"Server" help:"Mails to people."`
	Keys    keysCmd     `cmd:"" group:"Server" help:"The keys to personal data."`
	Rebuild rebuildCmd  `cmd:"" asks:"" group:"Server" help:"Rebuild the read models from the ledger."`
	Bench   benchCmd    `cmd:"" group:"Server" help:"Measure this program on this machine."`
	Repeat  repeatCmd   `cmd:"" name:"bench-repeat" hidden:""`
	Soak    soakCmd     `cmd:"" group:"Server" help:"Make faults under load, and check what this program keeps."`
	Part    soakPartCmd `cmd:"" name:"soak-part" hidden:""`
	Version versionCmd  `cmd:"" group:"Server" help:"Print the version of this program."`

	Completion completionCmd `cmd:"" group:"Server" help:"Print the script that completes command lines in a shell."`
	Complete   completeCmd   `cmd:"" hidden:""`

	Import importCmd `cmd:"" group:"History" help:"Import the history of another system."`
	Export exportCmd `cmd:"" group:"History" help:"Print who had what, now or at a past moment, or an organization as a file that declares it."`
	Replay replayCmd `cmd:"" group:"History" help:"Print the events of all organizations; for the system."`
	Events eventsCmd `cmd:"" group:"History" help:"Print an organization's audit log."`

	Check   checkCmd   `cmd:"" group:"Access" help:"Ask whether somebody may do something on a project, or in the organization itself."`
	Explain explainCmd `cmd:"" group:"Access" help:"Explain what somebody may do on a project, or in the organization itself, and why."`
	Report  reportCmd  `cmd:"" group:"Access" help:"Reports on a whole organization, as tables or CSV."`

	Scheme schemeCmd `cmd:"" group:"Rules" help:"Schemes, the rules that organizations choose from; most without a server."`

	Org     orgCmd           `cmd:"" group:"Membership" help:"Organizations."`
	Role    roleCmd          `cmd:"" group:"Membership" help:"Roles of an organization, its own included."`
	Me      organizationFlag `cmd:"" shows:"get_me" group:"Membership" help:"Show who the actor is in an organization: profile, role, and what they may do."`
	Person  personCmd        `cmd:"" group:"Membership" help:"People, over all organizations."`
	Member  memberCmd        `cmd:"" group:"Membership" help:"Members of an organization."`
	Invite  inviteCmd        `cmd:"" group:"Membership" help:"Invites to an organization."`
	Request requestCmd       `cmd:"" group:"Membership" help:"Requests for access: to join an organization, or a project."`
	Join    joinCmd          `cmd:"" does:"join_organization" group:"Membership" help:"Join an organization by the domain of a verified address."`
	Domain  emailDomainCmd   `cmd:"" name:"email-domain" group:"Membership" help:"Domains of addresses by which people join an organization."`
	Project projectCmd       `cmd:"" group:"Membership" help:"Projects and who is on them."`
	Team    teamCmd          `cmd:"" group:"Membership" help:"Teams, who is in them and what they are assigned to."`

	Plan  planCmd  `cmd:"" group:"Declared state" help:"Show what would change if an organization were made as files declare it."`
	Apply applyCmd `cmd:"" dryrun:"" group:"Declared state" help:"Make an organization as files declare it."`

	Notifications notificationsCmd `cmd:"" group:"Notifications" help:"A user's notifications."`
}
