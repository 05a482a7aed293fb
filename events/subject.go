package events

// Subject is one thing that an event is about. Subjects are comparable: equal ones
// name the same thing of one organization.
type Subject struct {
	Kind SubjectKind `json:"kind"`
	ID   string      `json:"id"`
}

// SubjectKind says what kind of thing a [Subject] is.
type SubjectKind string

// The kinds of subject. An id is unique among the subjects of its kind within one
// organization.
const (
	UserSubject             SubjectKind = "user"
	ProjectSubject          SubjectKind = "project"
	TeamSubject             SubjectKind = "team"
	InviteSubject           SubjectKind = "invite"
	AccessRequestSubject    SubjectKind = "access_request"
	EmailDomainSubject      SubjectKind = "email_domain"
	OrganizationRoleSubject SubjectKind = "organization_role"
	ProjectRoleSubject      SubjectKind = "project_role"
)

// RoleID names a role. Its key alone does not: a role of the organization and a role on
// projects may have the same key.
type RoleID struct {
	Kind RoleKind
	Key  RoleKey
}

// identifier is an id that an event can be about.
type identifier interface{ subject() Subject }

func (id UserID) subject() Subject    { return Subject{UserSubject, string(id)} }
func (id ProjectID) subject() Subject { return Subject{ProjectSubject, string(id)} }
func (id TeamID) subject() Subject    { return Subject{TeamSubject, string(id)} }
func (id InviteID) subject() Subject  { return Subject{InviteSubject, string(id)} }

func (d EmailDomain) subject() Subject { return Subject{EmailDomainSubject, string(d)} }

func (id AccessRequestID) subject() Subject {
	return Subject{AccessRequestSubject, string(id)}
}

func (id RoleID) subject() Subject {
	if id.Kind == ProjectRoleKind {
		return Subject{ProjectRoleSubject, string(id.Key)}
	}
	return Subject{OrganizationRoleSubject, string(id.Key)}
}

// about returns the subjects that the ids name. It leaves out empty ids, which name
// nothing.
func about(ids ...identifier) []Subject {
	all := make([]Subject, 0, len(ids))
	for _, id := range ids {
		if s := id.subject(); s.ID != "" {
			all = append(all, s)
		}
	}
	return all
}
