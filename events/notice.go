package events

// NoticeKind is what a notice to somebody is about.
type NoticeKind string

const (
	// NoticeOfInvitation offers membership to whoever an invite was sent to.
	NoticeOfInvitation NoticeKind = "invitation"
	// NoticeOfInvitationReminder reminds whoever an invite was sent to that it will expire.
	NoticeOfInvitationReminder NoticeKind = "invitation_reminder"
	// NoticeOfAcceptance tells whoever sent an invite that it was accepted.
	NoticeOfAcceptance NoticeKind = "invite_accepted"
	// NoticeOfRefusal tells whoever sent an invite that it was declined.
	NoticeOfRefusal NoticeKind = "invite_declined"
	// NoticeOfAddition says that somebody else added the person to the organization, or to a project.
	NoticeOfAddition NoticeKind = "added"
	// NoticeOfStartChange says that access of which the person was told that it would start later starts at another time, or has started.
	NoticeOfStartChange NoticeKind = "start_changed"
	// NoticeOfRemoval says that somebody else removed the person from the organization, or from a project that they cannot reach any more, also by
	// taking a team away.
	NoticeOfRemoval NoticeKind = "removed"
	// NoticeOfRoleChange says that somebody's role in the organization, or on a project, is another one.
	NoticeOfRoleChange NoticeKind = "role_changed"
	// NoticeOfComingEnd tells a person, and who manages their access, that a membership, or a grant on a project, will end.
	NoticeOfComingEnd NoticeKind = "access_ends"
	// NoticeOfEnd says that the end of a membership, of a grant on a project, of what a team has there, or of an elevation has passed.
	NoticeOfEnd NoticeKind = "access_ended"
	// NoticeOfRequest tells those who may decide on it that somebody asks for access.
	NoticeOfRequest NoticeKind = "access_requested"
	// NoticeOfApproval tells whoever asked for access that somebody approved it.
	NoticeOfApproval NoticeKind = "access_approved"
	// NoticeOfDenial tells whoever asked for access that somebody denied it.
	NoticeOfDenial NoticeKind = "access_denied"
	// NoticeOfExpiry tells whoever asked for access that nobody decided in time.
	NoticeOfExpiry NoticeKind = "access_request_expired"
)
