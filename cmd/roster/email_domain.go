package main

// emailDomainCmd is about the domains of addresses by which people join.
type emailDomainCmd struct {
	Set    emailDomainSetCmd  `cmd:"" does:"set_email_domain" warns:"" help:"Let people join whose verified address is of a domain, or change how they do."`
	List   organizationFlag   `cmd:"" lists:"list_email_domains" whole:"" columns:"DOMAIN=domain MODE=mode ROLE=role VERIFIED=verified_at RECORD=record.name VALUE=record.value" help:"List the domains of an organization, with the TXT records that prove them."`
	Verify emailDomainArg     `cmd:"" does:"verify_email_domain" help:"Look in the DNS for the record that proves that a domain is the organization's."`
	Remove emailDomainArg     `cmd:"" does:"remove_email_domain" asks:"" help:"End that people join by a domain."`
	Find   emailDomainFindCmd `cmd:"" lists:"find_organizations" columns:"ORGANIZATION=id NAME=name DOMAIN=domain MODE=mode ROLE=role_label" help:"List the organizations that somebody may join by the domains of their addresses."`
}

// emailDomainArg is the argument of verbs about one domain.
type emailDomainArg struct {
	organizationFlag

	Domain string `arg:"" help:"The domain, such as example.org." json:"domain"`
}

type emailDomainSetCmd struct {
	emailDomainArg

	Mode string `enum:"automatic,approval," default:"" placeholder:"HOW" help:"How people join: automatic, at once; approval, by a request. Without it as before, by approval with a new domain." json:"mode,omitzero"`
	Role string `help:"What they join with; without it as before, the scheme's default with a new domain." json:"role,omitzero"`
}

// Help says which choice is asked about.
func (*emailDomainSetCmd) Help() string {
	return `Who would join at once with the highest role, or with one that bypasses every level, gets the whole organization: roster warns of that, and asks
before it does so if it is typed at a terminal. --yes answers.`
}

type emailDomainFindCmd struct {
	verifiedEmailsFlag

	User string `help:"Who it is; without it somebody new." json:"user,omitzero"`
}

type joinCmd struct {
	organizationFlag
	verifiedEmailsFlag

	User    string `help:"Who joins; without it the actor." json:"user,omitzero"`
	Login   string `help:"The spelling that people see, where it is not the id." json:"login,omitzero"`
	Name    string `help:"The person's name." json:"name,omitzero"`
	Request string `placeholder:"ID" help:"The id of the request, if somebody has to approve; without it one is made." json:"request,omitzero"`
	Reason  string `placeholder:"TEXT" help:"Why; whoever decides reads it." json:"reason,omitzero"`
}
