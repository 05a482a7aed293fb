package domain_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// kim is somebody with a whole profile.
var kim = events.MemberJoined{
	Member: "kim", Role: "member", Name: "k.name", Login: "k.login", Email: "k.email", Address: "kim@x", Avatar: "k.avatar",
	ExternalID: "k.id", ExternalIDHash: "4711", Metadata: events.Metadata{"desk": "k.desk", "floor": "k.floor"},
}

func names(fields ...events.ProfileField) []events.ProfileField { return fields }

func TestChangeProfile(t *testing.T) {
	t.Parallel()
	people := so(staff, kim)
	change := func(user events.UserID, d domain.PersonalData, fields ...events.ProfileField) domain.ChangeProfile {
		return domain.ChangeProfile{Member: user, Fields: fields, PersonalData: d}
	}
	rename := change("kim", domain.PersonalData{Name: "k.new"}, events.NameField)
	renamed := then(events.ProfileChanged{Member: "kim", Fields: names(events.NameField), Name: "k.new"})
	address := change("kim", domain.PersonalData{Email: "k.other", Address: "other@x"}, events.EmailField)
	moved := events.ProfileChanged{Member: "kim", Fields: names(events.EmailField), Email: "k.other", Address: "other@x"}
	invited := func(id events.InviteID, user events.UserID) events.Event {
		return events.MemberInvited{Invite: id, Role: "member", Address: "other@x", Member: user}
	}
	full := events.Metadata{}
	for i := range 20 {
		full[events.MetadataKey(strconv.Itoa(i))] = "k.entry"
	}
	checkRules(t, []rule{
		{name: "people change their own", given: people, when: rename, by: "kim", then: renamed},
		{name: "a manager of people changes that of others", given: people, when: rename, by: "cleo", then: renamed},
		{name: "the system does", given: people, when: rename, then: renamed},
		{name: "another member does not", given: people, when: rename, by: "max", err: domain.ErrNotAllowed},
		{name: "a stranger sees nothing", given: people, when: rename, by: "eve", err: domain.ErrNoOrganization},
		{name: "not of who is above", given: people, when: change("chip", domain.PersonalData{Name: "k.new"}, events.NameField), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not of who is protected", given: people, when: change("olga", domain.PersonalData{Name: "k.new"}, events.NameField), by: "chip", err: domain.ErrProtected},
		{
			name: "who is protected changes their own", given: people, when: change("olga", domain.PersonalData{Name: "k.new"}, events.NameField), by: "olga",
			then: then(events.ProfileChanged{Member: "olga", Fields: names(events.NameField), Name: "k.new"}),
		},
		{name: "of no member", given: people, when: change("eve", domain.PersonalData{}, events.NameField), by: "cleo", err: domain.ErrNoMember},
		{name: "not in an archived organization", given: so(people, events.OrganizationArchived{}), when: rename, by: "kim", err: domain.ErrOrganizationArchived},
		{name: "without fields nothing changes", given: people, when: change("kim", domain.PersonalData{Name: "k.new"}), by: "kim"},
		{name: "the same text changes nothing", given: people, when: change("kim", domain.PersonalData{Name: "k.name"}, events.NameField), by: "kim"},
		{
			name: "only what differs is recorded", given: people,
			when: change("kim", domain.PersonalData{Name: "k.name", Avatar: "k.picture"}, events.NameField, events.LoginField, events.AvatarField), by: "kim",
			then: then(events.ProfileChanged{Member: "kim", Fields: names(events.LoginField, events.AvatarField), Avatar: "k.picture"}),
		},
		{
			name: "what is empty is removed", given: people, when: change("kim", domain.PersonalData{}, profileFields...), by: "kim",
			then: then(events.ProfileChanged{Member: "kim", Fields: profileFields, Metadata: events.Metadata{"desk": "", "floor": ""}}),
		},
		{
			name: "entries of the metadata change one by one", given: people, by: "kim",
			when: change("kim", domain.PersonalData{Metadata: events.Metadata{"desk": "k.other", "floor": "k.floor", "none": ""}}, events.MetadataField),
			then: then(events.ProfileChanged{Member: "kim", Fields: names(events.MetadataField), Metadata: events.Metadata{"desk": "k.other"}}),
		},
		{name: "not more than 20 entries", given: people, when: change("kim", domain.PersonalData{Metadata: full}, events.MetadataField), by: "kim", err: domain.ErrTooMuchMetadata},
		{
			name: "20 entries fit", given: so(people, events.MemberJoined{Member: "ned", Role: "member"}), by: "ned",
			when: change("ned", domain.PersonalData{Metadata: full}, events.MetadataField),
			then: then(events.ProfileChanged{Member: "ned", Fields: names(events.MetadataField), Metadata: full}),
		},
		{name: "not to the address of another member", given: so(people, events.MemberJoined{Member: "ned", Role: "member", Address: "other@x"}), when: address, by: "kim", err: domain.ErrAddressTaken},
		{
			name: "to their own address written otherwise", given: people, when: change("kim", domain.PersonalData{Email: "k.other", Address: "kim@x"}, events.EmailField), by: "kim",
			then: then(events.ProfileChanged{Member: "kim", Fields: names(events.EmailField), Email: "k.other", Address: "kim@x"}),
		},
		{
			name: "the address that one left is free", given: so(people, moved, events.MemberJoined{Member: "ned", Role: "member"}), by: "ned",
			when: change("ned", domain.PersonalData{Email: "k.e", Address: "kim@x"}, events.EmailField),
			then: then(events.ProfileChanged{Member: "ned", Fields: names(events.EmailField), Email: "k.e", Address: "kim@x"}),
		},
		{name: "not the external id of another member", given: so(people, joined("ned", "member")), when: change("ned", domain.PersonalData{ExternalID: "k.i", ExternalIDHash: "4711"}, events.ExternalIDField), by: "ned", err: domain.ErrExternalIDTaken},
		{
			name: "the external id of who left is free", given: so(people, joined("ned", "member"), events.MemberRemoved{Member: "kim"}), by: "ned",
			when: change("ned", domain.PersonalData{ExternalID: "k.i", ExternalIDHash: "4711"}, events.ExternalIDField),
			then: then(events.ProfileChanged{Member: "ned", Fields: names(events.ExternalIDField), ExternalID: "k.i", ExternalIDHash: "4711"}),
		},
		{name: "a new address that the system sets settles the invite to it", given: so(people, invited("i", "")), when: address, then: then(events.InviteSettled{Invite: "i", Member: "kim"}, moved)},
		{name: "one that somebody sets who may revoke the invite does, too", given: so(people, invited("i", "")), when: address, by: "cleo", then: then(events.InviteSettled{Invite: "i", Member: "kim"}, moved)},
		{name: "members do not claim an address at which somebody was invited", given: so(people, invited("i", "")), when: address, by: "kim", err: domain.ErrAlreadyInvited},
		{name: "but one that they themselves were invited at by id", given: so(people, invited("i", "kim")), when: address, by: "kim", then: then(events.InviteSettled{Invite: "i", Member: "kim"}, moved)},
		{name: "not one that stands and is for somebody else", given: so(people, invited("i", "eve")), when: address, by: "kim", err: domain.ErrAlreadyInvited},
		{
			name: "one for somebody else that has expired is revoked", by: "kim", when: address,
			given: so(people, events.MemberInvited{Invite: "i", Role: "member", Address: "other@x", Member: "eve", Expires: past}),
			then:  then(events.InviteRevoked{Invite: "i"}, moved),
		},
	})
}

func TestAddingAMemberAgain(t *testing.T) {
	t.Parallel()
	people := so(staff, kim)
	again := func(d domain.PersonalData) domain.AddMember { return domain.AddMember{Member: "kim", PersonalData: d} }
	update := func(d domain.PersonalData) domain.AddMember {
		return domain.AddMember{Member: "kim", PersonalData: d, UpdateProfile: true}
	}
	checkRules(t, []rule{
		{name: "with nothing about them changes nothing", given: people, when: again(domain.PersonalData{}), by: "cleo"},
		{name: "with the same changes nothing", given: people, when: again(domain.PersonalData{Name: "k.name", Email: "k.email", Address: "kim@x", Metadata: events.Metadata{"desk": "k.desk"}}), by: "cleo"},
		{name: "with another name is refused", given: people, when: again(domain.PersonalData{Name: "k.new"}), by: "cleo", err: domain.ErrAlreadyMember},
		{name: "with another login is refused", given: people, when: again(domain.PersonalData{Login: "k.new"}), by: "cleo", err: domain.ErrAlreadyMember},
		{name: "with another address is refused", given: people, when: again(domain.PersonalData{Email: "k.new", Address: "new@x"}), by: "cleo", err: domain.ErrAlreadyMember},
		{name: "with another avatar is refused", given: people, when: again(domain.PersonalData{Avatar: "k.new"}), by: "cleo", err: domain.ErrAlreadyMember},
		{name: "with another external id is refused", given: people, when: again(domain.PersonalData{ExternalID: "k.new", ExternalIDHash: "1"}), by: "cleo", err: domain.ErrAlreadyMember},
		{name: "with other metadata is refused", given: people, when: again(domain.PersonalData{Metadata: events.Metadata{"desk": "k.new"}}), by: "cleo", err: domain.ErrAlreadyMember},
		{
			name: "updates the profile", given: people, when: update(domain.PersonalData{Name: "k.new", Login: "k.login"}), by: "cleo",
			then: then(events.ProfileChanged{Member: "kim", Fields: names(events.NameField), Name: "k.new"}),
		},
		{name: "updates nothing that is so already", given: people, when: update(domain.PersonalData{Login: "k.login"}), by: "cleo"},
		{
			name: "leaves a role alone that it does not name", given: people, when: domain.AddMember{Member: "hal", PersonalData: domain.PersonalData{Name: "k.hal"}, UpdateProfile: true}, by: "cleo",
			then: then(events.ProfileChanged{Member: "hal", Fields: names(events.NameField), Name: "k.hal"}),
		},
		{name: "updates no role", given: people, when: domain.AddMember{Member: "kim", Role: "helper", PersonalData: domain.PersonalData{Name: "k.new"}, UpdateProfile: true}, by: "cleo", err: domain.ErrAlreadyMember},
		{name: "updates no end", given: people, when: domain.AddMember{Member: "kim", Until: soon, UpdateProfile: true}, by: "cleo", err: domain.ErrAlreadyMember},
		{name: "updates nobody above", given: people, when: domain.AddMember{Member: "chip", PersonalData: domain.PersonalData{Name: "k.new"}, UpdateProfile: true}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not to the address of another member", given: so(people, events.MemberJoined{Member: "ned", Role: "member", Address: "ned@x"}), when: update(domain.PersonalData{Email: "k.e", Address: "ned@x"}), by: "cleo", err: domain.ErrAddressTaken},
		{name: "an external id has one member", given: people, when: domain.AddMember{Member: "ned", PersonalData: domain.PersonalData{ExternalID: "k.i", ExternalIDHash: "4711"}}, by: "cleo", err: domain.ErrExternalIDTaken},
		{name: "without empty entries of metadata", given: people, when: domain.AddMember{Member: "ned", PersonalData: domain.PersonalData{Metadata: events.Metadata{"desk": ""}}}, by: "cleo", then: then(events.MemberJoined{Member: "ned", Role: "member"})},
	})
	_, err := again(domain.PersonalData{Name: "k.new", Avatar: "k.new"}).Decide(stateAfter(people...).At(noon), at("cleo"))
	require.Error(t, err)
	assert.Equal(t, `"kim" is a member already, with another name and avatar; change the profile instead, or add with on_conflict=update.`, err.Error())
}

func TestLoginsInTheClearAreReadAsTheyAre(t *testing.T) {
	t.Parallel()
	org := stateAfter(given(workspace, events.MemberJoined{Member: "ada", Role: "owner", ClearLogin: "Ada"})...)
	member, _ := org.Member("ada")
	assert.Equal(t, events.InClear("Ada"), member.Login)
}

func TestFoundersHaveAProfile(t *testing.T) {
	t.Parallel()
	profile := domain.PersonalData{Name: "k.name", Login: "k.login", Email: "k.email", Address: "h", Metadata: events.Metadata{"desk": "k.desk"}}
	checkRules(t, []rule{{
		name: "when the system creates", when: domain.CreateOrganization{Name: "Acme", Scheme: mustParse(testScheme), Owner: "ada", OwnerProfile: profile},
		then: then(opened().(events.OrganizationCreated), events.MemberJoined{
			Member: "ada", Role: "owner", Name: "k.name", Login: "k.login", Email: "k.email", Address: "h", Metadata: events.Metadata{"desk": "k.desk"},
		}),
	}})
}

func TestPassingOnToAnotherOwner(t *testing.T) {
	t.Parallel()
	owners := given(workspace, joined("ada", "owner"), joined("bob", "owner"))
	checkRules(t, []rule{
		{name: "with no role stated changes nothing", given: owners, when: domain.TransferOwnership{To: "bob"}, by: "ada"},
		{name: "with a role stated gives it to the actor", given: owners, when: domain.TransferOwnership{To: "bob", Role: "member"}, by: "ada", then: then(events.RoleChanged{Member: "ada", From: "owner", To: "member"})},
		{name: "to oneself keeps the last owner", given: given(workspace, joined("ada", "owner")), when: domain.TransferOwnership{To: "ada", Role: "member"}, by: "ada", err: domain.ErrLastHolder},
	})
}
