package events

import "time"

// AccessRequested asks for a role in the organization, or on a project: to have it, or to be elevated to it for a time.
type AccessRequested struct {
	Request AccessRequestID `json:"request"`
	Member  UserID          `json:"member"`
	// Project is empty if it asks to join the organization, or for a higher role there.
	Project ProjectID `json:"project,omitzero"`
	Role    RoleKey   `json:"role"`
	// Elevation says that it asks for a higher role for a time.
	Elevation bool   `json:"elevation,omitzero"`
	Reason    Sealed `json:"reason,omitzero"`
	// Until is when what it asks for ends; the zero value means never, or after Minutes.
	Until time.Time `json:"until,omitzero"`
	// Minutes is how long an elevation is to last from its approval on; 0 if Until says when it ends.
	Minutes int `json:"minutes,omitzero"`
	// Expires ends the request; the zero value means never.
	Expires time.Time `json:"expires,omitzero"`
	// Login, Name, Email and Address are what is known of somebody who is no member yet, as in MemberJoined.
	Login   Sealed      `json:"login,omitzero"`
	Name    Sealed      `json:"name,omitzero"`
	Email   Sealed      `json:"email,omitzero"`
	Address AddressHash `json:"address,omitzero"`
}

func (AccessRequested) Type() Type            { return "access_request.made.v1" }
func (e AccessRequested) Subjects() []Subject { return about(e.Member, e.Request, e.Project) }
func (AccessRequested) event()                {}
func (AccessRequested) keepsAccess()          {}
func (e AccessRequested) Created() Subject    { return e.Request.subject() }

// AccessApproved closes a request, since somebody granted it. The events after it give what it says.
type AccessApproved struct {
	Request AccessRequestID `json:"request"`
	Member  UserID          `json:"member"`
	// Project is empty if the person joins the organization, or is elevated there.
	Project ProjectID `json:"project,omitzero"`
	// Elevation says that the person is elevated.
	Elevation bool `json:"elevation,omitzero"`
	// Role and Until are what was granted, which may be less than was asked for.
	Role  RoleKey   `json:"role"`
	Until time.Time `json:"until,omitzero"`
}

func (AccessApproved) Type() Type            { return "access_request.approved.v1" }
func (e AccessApproved) Subjects() []Subject { return about(e.Member, e.Request, e.Project) }
func (AccessApproved) event()                {}
func (AccessApproved) keepsAccess()          {}

// AccessDenied closes a request, since somebody refused it.
type AccessDenied struct {
	Request AccessRequestID `json:"request"`
	Member  UserID          `json:"member"`
	Reason  Sealed          `json:"reason,omitzero"`
}

func (AccessDenied) Type() Type            { return "access_request.denied.v1" }
func (e AccessDenied) Subjects() []Subject { return about(e.Member, e.Request) }
func (AccessDenied) event()                {}
func (AccessDenied) keepsAccess()          {}

// AccessRequestWithdrawn closes a request, since whoever made it wants it no more.
type AccessRequestWithdrawn struct {
	Request AccessRequestID `json:"request"`
	Member  UserID          `json:"member"`
}

func (AccessRequestWithdrawn) Type() Type            { return "access_request.withdrawn.v1" }
func (e AccessRequestWithdrawn) Subjects() []Subject { return about(e.Member, e.Request) }
func (AccessRequestWithdrawn) event()                {}
func (AccessRequestWithdrawn) keepsAccess()          {}

// AccessRequestExpired records that nobody decided on a request in its time.
type AccessRequestExpired struct {
	Request AccessRequestID `json:"request"`
	Member  UserID          `json:"member"`
	// Until is the end that passed.
	Until time.Time `json:"until"`
}

func (AccessRequestExpired) Type() Type            { return "access_request.expired.v1" }
func (e AccessRequestExpired) Subjects() []Subject { return about(e.Member, e.Request) }
func (AccessRequestExpired) event()                {}
func (AccessRequestExpired) keepsAccess()          {}

// AccessRequestsChanged says which requests the organization takes.
type AccessRequestsChanged struct {
	From AccessRequestChoice `json:"from,omitzero"`
	To   AccessRequestChoice `json:"to,omitzero"`
}

func (AccessRequestsChanged) Type() Type          { return "organization.access_requests_changed.v1" }
func (AccessRequestsChanged) Subjects() []Subject { return nil }
func (AccessRequestsChanged) event()              {}
func (AccessRequestsChanged) keepsAccess()        {}

// AccessRequestChoice is what an organization says of the requests that it takes. What it leaves out is as the scheme says.
type AccessRequestChoice struct {
	// Join is about requests to join the organization, Projects about those for access to a project.
	Join     Intake `json:"join,omitzero"`
	Projects Intake `json:"projects,omitzero"`
}

// AccessRequests says which requests for access organizations can take. What it leaves out none takes.
type AccessRequests struct {
	// Join and Projects are as in [AccessRequestChoice], for organizations that do not choose.
	Join     Intake `json:"join,omitzero"`
	Projects Intake `json:"projects,omitzero"`
	// Days is how many days a request can be approved; 0 has no end.
	Days int `json:"days,omitzero"`
}

// Intake says whether requests are taken.
type Intake string

const (
	// OpenIntake takes requests.
	OpenIntake Intake = "open"
	// ClosedIntake takes none.
	ClosedIntake Intake = "closed"
)
