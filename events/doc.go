// Package events is the vocabulary of Roster: every fact that the ledger can hold.
//
// An [Event] is one fact about one organization, as [RoleChanged]. An [Entry] is what one
// command led to: an organization, a version, an actor, a time and one or more events. A
// [Commit] is what the ledger stores in one message: the entries that became durable
// together.
//
// # Reading
//
// [Decode] reads a message of the ledger, [Entry.Recorded] yields its events together with
// their origins. Switch over the types that you need:
//
//	commit, err := events.Decode(message, position)
//	if err != nil {
//		return err
//	}
//	for _, entry := range commit.Entries {
//		for recorded := range entry.Recorded() {
//			switch e := recorded.Event.(type) {
//			case events.MemberJoined:
//				welcome(entry.Organization, e.Member)
//			case events.MemberRemoved:
//				signOut(entry.Organization, e.Member)
//			}
//		}
//	}
//
// To find out what an event is about without a switch, ask for its subjects:
//
//	for _, subject := range event.Subjects() {
//		notify(subject.Kind, subject.ID)
//	}
//
// # Guarantees
//
// A wire name never changes its meaning. What changes gets a new version beside the old
// one, so every ledger that was ever written can be read. Decode does not skip what it
// does not know: it fails with an [*UnknownTypeError] on an event that a newer program
// wrote. Positions of commits and versions of an organization count 1, 2, 3 without gaps.
//
// Email addresses and names of people are in fields of type [Sealed], which cannot be read
// without the person's key. Ids of people are pseudonyms by contract.
//
// # Adding an event
//
// Declare the type and its methods in the file of its noun:
//
//	// TeamColoured changes the colour of a team's icon.
//	type TeamColoured struct {
//		Team TeamID `json:"team"`
//		From Colour `json:"from,omitzero"`
//		To   Colour `json:"to,omitzero"`
//	}
//
//	func (TeamColoured) Type() Type            { return "team.coloured.v1" }
//	func (e TeamColoured) Subjects() []Subject { return about(e.Team) }
//	func (TeamColoured) event()                {}
//	func (TeamColoured) keepsAccess()          {}
//
// Add one line to the registry in registry.go, and to golden_test.go one sample that sets
// every field. Then write the golden file:
//
//	go test ./events -run TestGolden -update
//
// Tests fail for a type that is not registered, has no sample, leaves an id out of its
// subjects, or does not match its golden file. They also name each switch in domain that
// must know the event: evolve and, unless it is an [AccessKeeper], affected. A field that is
// added later is omitzero, and a message without it goes to testdata/before.
package events
