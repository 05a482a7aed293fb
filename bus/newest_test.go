package bus

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/events"
)

func TestNewestPositions(t *testing.T) {
	t.Parallel()
	var n newestPositions
	change := func(at events.Position, orgs ...events.OrganizationID) {
		commit := events.Commit{Position: at}
		for _, org := range orgs {
			commit.Entries = append(commit.Entries, events.Entry{Organization: org})
		}
		n.note([]events.Commit{commit})
	}
	change(3, "acme")
	n.begin(7)
	assert.EqualValues(t, 7, n.of("acme"), "what was before is not told apart")
	change(8, "acme", "hub")
	change(9, "hub")
	assert.EqualValues(t, 8, n.of("acme"))
	assert.EqualValues(t, 9, n.of("hub"))
	assert.EqualValues(t, 7, n.of("none"))

	for i := range 5 * rememberedMost {
		change(events.Position(10+i), events.OrganizationID(strconv.Itoa(i)))
		assert.LessOrEqual(t, len(n.young)+len(n.old), 2*rememberedMost)
		assert.EqualValues(t, 10+i, n.of(events.OrganizationID(strconv.Itoa(i))))
	}
	assert.GreaterOrEqual(t, n.of("acme"), events.Position(8), "a position must not be before the true one")
	assert.Less(t, n.of("acme"), events.Position(10+4*rememberedMost), "what happens to others must not seem to happen to it")
}
