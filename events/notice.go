package events

// NoticeKind is what a notice to somebody is about.
type NoticeKind string

const (
	// NoticeOfInvitation offers membership to whoever an invite was sent to.
	NoticeOfInvitation NoticeKind = "invitation"
	// NoticeOfRoleChange says that somebody's role in the organization, or on a project, is another one.
	NoticeOfRoleChange NoticeKind = "role_changed"
)
