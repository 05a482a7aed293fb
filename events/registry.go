package events

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Types lists every known wire name in order.
func Types() []Type {
	return slices.Sorted(maps.Keys(registry))
}

// New returns the zero value of a type, and false for a type that is not known.
func New(t Type) (Event, bool) {
	fields, ok := registry[t]
	if !ok {
		return nil, false
	}
	e, _ := fields(nil)
	return e, true
}

// registry holds the decoder of every event by its wire name. It must list each type
// that implements [Event]: a test compares it with the source.
var registry = register(
	decode[OrganizationCreated],
	decode[OrganizationDeleted],
	decode[HistoryImported],
	decode[MemberJoined],
	decode[ProfileChanged],
	decode[RoleChanged],
	decode[MemberRemoved],
	decode[MemberInvited],
	decode[InviteAccepted],
	decode[InviteSettled],
	decode[InviteRevoked],
	decode[ProjectCreated],
	decode[ProjectMemberAdded],
	decode[ProjectRoleChanged],
	decode[ProjectMemberRemoved],
	decode[TeamCreated],
	decode[TeamRenamed],
	decode[TeamMoved],
	decode[TeamDescribed],
	decode[TeamRemoved],
	decode[TeamMemberAdded],
	decode[TeamRoleChanged],
	decode[TeamMemberRemoved],
	decode[TeamAssigned],
	decode[AssignmentChanged],
	decode[TeamUnassigned],
	decode[OrganizationRenamed],
	decode[LocaleChanged],
	decode[OrganizationArchived],
	decode[OrganizationRestored],
	decode[SeatsChanged],
	decode[SchemeChanged],
	decode[RoleDefined],
	decode[RoleRedefined],
	decode[RoleRenamed],
	decode[RoleRetired],
	decode[MemberLevelsChanged],
	decode[MemberEndChanged],
	decode[MemberDeactivated],
	decode[MemberReactivated],
	decode[AccessAttested],
	decode[ProjectRenamed],
	decode[ProjectDescribed],
	decode[ProjectArchived],
	decode[ProjectRestored],
	decode[ProjectDeleted],
	decode[ProjectLevelsChanged],
	decode[ProjectMemberEndChanged],
	decode[OverrideSet],
	decode[OverrideCleared],
	decode[PublicLinkTurnedOn],
	decode[PublicLinkRotated],
	decode[PublicLinkTurnedOff],
	decode[TeamColoured],
	decode[ProjectHandedOver],
	decode[AssignmentEndChanged],
	decode[MembershipEnded],
	decode[ProjectMembershipEnded],
	decode[AssignmentEnded],
	decode[InviteExpired],
	decode[InviteResent],
	decode[InviteChanged],
	decode[InviteOpened],
	decode[InviteDeclined],
	decode[PersonErased],
	decode[AccessRequested],
	decode[AccessApproved],
	decode[AccessDenied],
	decode[AccessRequestWithdrawn],
	decode[AccessRequestExpired],
	decode[AccessRequestsChanged],
	decode[NoticePreferenceChanged],
	decode[NoticeDefaultChanged],
	decode[Elevated],
	decode[ElevationEnded],
	decode[EmailDomainSet],
	decode[EmailDomainVerified],
	decode[EmailDomainRemoved],
	decode[MemberStartChanged],
	decode[ProjectMemberStartChanged],
	decode[AssignmentStartChanged],
	decode[MembershipStarted],
	decode[ProjectMembershipStarted],
	decode[AssignmentStarted],
)

// decoder reads one event's fields; without input it returns the zero value.
type decoder func(*jsontext.Decoder) (Event, error)

func register(list ...decoder) map[Type]decoder {
	byType := make(map[Type]decoder, len(list))
	for _, d := range list {
		zero, _ := d(nil)
		byType[zero.Type()] = d
	}
	return byType
}

func decode[E Event](in *jsontext.Decoder) (Event, error) {
	var e E
	if in == nil {
		return e, nil
	}
	err := json.UnmarshalDecode(in, &e)
	return e, err
}
