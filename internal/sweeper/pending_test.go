package sweeper

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestHistoryWithoutAnEnd has a product whose commands come late, twice a minute. Ends are recorded all the same, after an hour.
func TestHistoryWithoutAnEnd(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	var p pending
	p.begin(began.Add(horizon))
	p.add(boundary{began, "acme", domain.Boundary{}})
	p.add(boundary{began, "other", domain.Boundary{}})
	p.rest("acme", began)
	assert.Equal(t, map[events.OrganizationID][]domain.Boundary{"other": {{}}}, p.takePassed(began), "others do not wait")
	now := began
	for range 119 {
		now = now.Add(30 * time.Second)
		assert.Empty(t, p.takePassed(now))
		p.rest("acme", now)
	}
	assert.Equal(t, map[events.OrganizationID][]domain.Boundary{"acme": {{}}}, p.takePassed(began.Add(maxRest)))
	assert.Empty(t, p.takePassed(began.Add(2*maxRest)))
}
