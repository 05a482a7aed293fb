package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/events"
)

// TestTermsKeepInstants holds that a start or an end is kept to the microsecond, in all years that the ledger has, and passes then.
func TestTermsKeepInstants(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{
		time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
		time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 29, 1, 0, 0, 1000, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
	} {
		org := stateAfter(so(staff, events.MemberEndChanged{Member: "hal", To: at}, events.MemberStartChanged{Member: "chip", To: at})...)
		hal, _ := org.Member("hal")
		chip, _ := org.Member("chip")
		assert.Equal(t, at, hal.Until())
		assert.Equal(t, at, chip.From())
		for before, passed := range map[time.Duration]bool{time.Nanosecond: false, 0: true} {
			org := org.At(at.Add(-before))
			assert.Equal(t, passed, org.InOrganization("hal").Reason != "", "ended %s before %s", before, at)
			assert.Equal(t, passed, org.InOrganization("chip").Reason == "", "started %s before %s", before, at)
		}
	}
}
