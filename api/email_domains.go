package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) emailDomainRoutes() {
	const all, one, tag = "/email-domains", "/email-domains/{domain}", "Email domains"
	define(s, spec{"set_email_domain", http.MethodPatch, one, tag, "Let people join whose verified address is of a domain, or change how they do"},
		func(c setEmailDomain) (domain.Command, error) {
			return domain.SetEmailDomain{Domain: inputDomain(c.Domain), Mode: c.Mode, Role: c.Role}, nil
		})
	defineWith(s, spec{"verify_email_domain", http.MethodPost, one + "/verify", tag, "Look in the DNS for the record that proves that a domain is the organization's"}, buildVerifyEmailDomain)
	define(s, spec{"remove_email_domain", http.MethodDelete, one, tag, "End that people join by a domain"},
		func(c removeEmailDomain) (domain.Command, error) {
			return domain.RemoveEmailDomain{Domain: inputDomain(c.Domain)}, nil
		})
	read(s, route{http.MethodGet, organizationPath + all, "list_email_domains", tag, "List the domains by which people join, with the records that prove that they are the organization's"}, s.listEmailDomains)
	defineWith(s, spec{"join_organization", http.MethodPost, "/join", tag, "Join an organization by the domain of a verified address"}, buildJoinOrganization)
	list(s, route{http.MethodPost, "/v1/email-domains/find", "find_organizations", tag, "List the organizations that somebody may join by the domains of addresses that you have verified"}, s.findOrganizations)
}

// inputDomain returns the one form of a domain of addresses; empty for what is none, so that it is refused.
func inputDomain(text string) events.EmailDomain {
	address, err := readEmail("x@" + strings.TrimSpace(text))
	if err != nil {
		return ""
	}
	return domainOf(address)
}

// domainOf returns the domain of an address that readEmail has returned.
func domainOf(address string) events.EmailDomain {
	return events.EmailDomain(strings.ToLower(address[strings.LastIndexByte(address, '@')+1:]))
}

type setEmailDomain struct {
	Domain string          `path:"domain" json:"domain" doc:"The domain of addresses; those below it are others." maxLength:"253" example:"example.org"`
	Mode   events.JoinMode `json:"mode,omitzero" enum:"automatic,approval" doc:"How people join: automatic, at once; approval, by a request on which somebody decides. Left out: stays; of a new domain approval."`
	Role   events.RoleKey  `json:"role,omitzero" doc:"What they join with. Left out: stays; of a new domain the scheme's default."`
}

type verifyEmailDomain struct {
	Domain string `path:"domain" json:"domain" doc:"The domain." maxLength:"253" example:"example.org"`
}

// buildVerifyEmailDomain asks the DNS only for whom the command would be accepted.
func buildVerifyEmailDomain(ctx context.Context, b *commandBuilder, c verifyEmailDomain) (domain.Command, error) {
	name := inputDomain(c.Domain)
	verify := domain.VerifyEmailDomain{Domain: name}
	org := b.state.Organization(b.org).At(b.now)
	_, is := org.EmailDomain(name)
	if may := org.Authorize(requestFrom(ctx).actor, domain.VerifyingEmailDomain, domain.About{}) == nil; !is || !may {
		return verify, nil
	}
	var err error
	verify.Proven, err = b.proven(ctx, name)
	return verify, err
}

type removeEmailDomain struct {
	Domain string `path:"domain" json:"domain" doc:"The domain." maxLength:"253" example:"example.org"`
}

type joinOrganization struct {
	User           events.UserID          `json:"user,omitzero" doc:"Who joins; left out: the actor." maxLength:"255"`
	VerifiedEmails []string               `json:"verified_emails,omitzero" doc:"The email addresses of the person that you have verified. The first of a domain of the organization becomes that of the member." maxItems:"100" example:"eve@example.org"`
	Login          string                 `json:"login,omitzero" doc:"The spelling that people see." example:"Eve"`
	Name           string                 `json:"name,omitzero" maxLength:"255" example:"Eve Example"`
	Request        events.AccessRequestID `json:"request,omitzero" doc:"The id of the request, if somebody has to approve; left out: a new one." maxLength:"255"`
	Reason         string                 `json:"reason,omitzero" doc:"Why; whoever decides reads it." maxLength:"2000" example:"I join the Apollo crew on Monday."`
}

func buildJoinOrganization(ctx context.Context, b *commandBuilder, c joinOrganization) (domain.Command, error) {
	user, err := personOrActor(ctx, c.User)
	if err != nil {
		return nil, err
	}
	joins := domain.JoinOrganization{Member: user, Request: idOrNew(c.Request)}
	org, p := b.state.Organization(b.org).At(b.now), Profile{Login: c.Login, Name: c.Name}
	var known domain.EmailDomain
	for _, text := range c.VerifiedEmails {
		email, err := readEmail(text)
		if err != nil || email == "" {
			return nil, cmp.Or[error](err, errBadEmail)
		}
		of, is := org.EmailDomain(domainOf(email))
		if is && joins.Domain == "" && !of.Verified.IsZero() {
			known, joins.Domain, p.Email = of, domainOf(email), email
		}
	}
	reason, err := readMessage(c.Reason)
	if err != nil {
		return nil, err
	}
	if joins.Reason, err = b.seal(ctx, string(user), reason); err != nil {
		return nil, err
	}
	if joins.PersonalData, err = b.personalData(ctx, user, p); err != nil {
		return nil, err
	}
	if known.NeedsProof(b.now) {
		joins.Proven, err = b.proven(ctx, joins.Domain)
	}
	return joins, err
}

// emailDomain is a domain by which people join.
type emailDomain struct {
	Domain    events.EmailDomain `json:"domain"`
	Mode      events.JoinMode    `json:"mode" enum:"automatic,approval"`
	Role      events.RoleKey     `json:"role" doc:"What people join with."`
	RoleLabel string             `json:"role_label" doc:"What the role is called."`
	Set       Origin             `json:"set" doc:"When it was said last, and by whom."`
	Verified  *time.Time         `json:"verified_at,omitzero" doc:"When the record was last found in the DNS; left out: never, so nobody can join yet."`
	Record    emailChallenge     `json:"record" doc:"The TXT record that proves that the domain is the organization's. Leave it there: it is looked for again."`
}

// emailDomains are all of an organization.
type emailDomains struct {
	Items []emailDomain `json:"items"`
}

func (s *Server) listEmailDomains(ctx context.Context, in *InOrganization) (*answer[emailDomains], error) {
	org, position, err := s.authorized(ctx, in.Org, domain.SeeingEmailDomains, domain.About{})
	if err != nil {
		return nil, err
	}
	b := commandBuilder{org: in.Org, keys: s.Keyring}
	all := emailDomains{Items: []emailDomain{}}
	for name, d := range org.EmailDomains() {
		record, err := b.challengeOf(name)
		if err != nil {
			return nil, err
		}
		all.Items = append(all.Items, emailDomain{name, d.Mode, d.Role, org.RoleLabel(d.Role), originOf(in.Org, d.Set), orNever(d.Verified), record})
	}
	slices.SortFunc(all.Items, func(a, b emailDomain) int { return cmp.Compare(a.Domain, b.Domain) })
	return fromMemory(org, position, all), nil
}

type findOrganizationsQuery struct {
	Paging
	Body struct {
		User           events.UserID `json:"user,omitzero" doc:"Who it is; left out: somebody new." maxLength:"255"`
		VerifiedEmails []string      `json:"verified_emails" doc:"The email addresses of the person that you have verified." maxItems:"100" example:"eve@example.org"`
	}
}

// openOrganization is one that somebody may join.
type openOrganization struct {
	ID        events.OrganizationID `json:"id"`
	Name      string                `json:"name"`
	Domain    events.EmailDomain    `json:"domain" doc:"That of an address of the person."`
	Mode      events.JoinMode       `json:"mode" enum:"automatic,approval" doc:"How: automatic, at once; approval, by a request on which somebody decides."`
	RoleLabel string                `json:"role_label" doc:"What the role is called with which they join."`
}

// findOrganizations answers the system alone: the addresses of people are known to the product.
func (s *Server) findOrganizations(ctx context.Context, in *findOrganizationsQuery) (*answer[List[openOrganization]], error) {
	if requestFrom(ctx).actor != events.System {
		return nil, errSystemOnly
	}
	var names []events.EmailDomain
	for _, text := range in.Body.VerifiedEmails {
		email, err := readEmail(text)
		if err != nil || email == "" {
			return nil, cmp.Or[error](err, errBadEmail)
		}
		names = append(names, domainOf(email))
	}
	position, err := s.waitForReadModels(ctx, s.Desk.View().Position)
	if err != nil {
		return nil, err
	}
	found, err := s.Database.FindEmailDomains(ctx, names, in.page())
	if err != nil {
		return nil, err
	}
	state, now := s.Desk.View().State, s.now()
	page := List[openOrganization]{Items: []openOrganization{}, Next: found.Next}
	for _, of := range found.Items {
		org := state.Organization(of.Organization).At(now)
		d, is := org.EmailDomain(of.Domain)
		if _, in := org.Member(in.Body.User); in || !is || d.Verified.IsZero() || org.Archived() {
			continue
		}
		page.Items = append(page.Items, openOrganization{of.Organization, org.Name(), of.Domain, d.Mode, org.RoleLabel(d.Role)})
	}
	return &answer[List[openOrganization]]{Position: position, Body: page}, nil
}
