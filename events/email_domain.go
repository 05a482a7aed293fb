package events

// EmailDomain is the domain of email addresses, such as example.org: in small letters, an international one as people read it.
type EmailDomain string

// JoinMode says how people join whose address is of a domain of the organization.
type JoinMode string

const (
	// JoinAtOnce makes them members when they ask.
	JoinAtOnce JoinMode = "automatic"
	// JoinByApproval makes a request for access, on which somebody decides.
	JoinByApproval JoinMode = "approval"
)

// EmailDomainSet says that people join by a domain, once it is verified, or says it anew.
type EmailDomainSet struct {
	Domain EmailDomain `json:"domain"`
	Mode   JoinMode    `json:"mode"`
	// Role is what they join with.
	Role RoleKey `json:"role"`
}

func (EmailDomainSet) Type() Type            { return "email_domain.set.v1" }
func (e EmailDomainSet) Subjects() []Subject { return about(e.Domain) }
func (EmailDomainSet) event()                {}
func (EmailDomainSet) keepsAccess()          {}

// EmailDomainVerified records that the organization has proved, by a record in the DNS, that the domain is its own.
type EmailDomainVerified struct {
	Domain EmailDomain `json:"domain"`
}

func (EmailDomainVerified) Type() Type            { return "email_domain.verified.v1" }
func (e EmailDomainVerified) Subjects() []Subject { return about(e.Domain) }
func (EmailDomainVerified) event()                {}
func (EmailDomainVerified) keepsAccess()          {}

// EmailDomainRemoved ends that people join by a domain. Who has joined by it stays.
type EmailDomainRemoved struct {
	Domain EmailDomain `json:"domain"`
}

func (EmailDomainRemoved) Type() Type            { return "email_domain.removed.v1" }
func (e EmailDomainRemoved) Subjects() []Subject { return about(e.Domain) }
func (EmailDomainRemoved) event()                {}
func (EmailDomainRemoved) keepsAccess()          {}
