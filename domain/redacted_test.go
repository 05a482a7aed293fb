package domain_test

import (
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestRedactedEventsGiveTheSameAccess folds events as the stream for other services has them: without secrets and
// without personal data in clear.
func TestRedactedEventsGiveTheSameAccess(t *testing.T) {
	t.Parallel()
	redacted := events.Without(reflect.TypeFor[events.ClearText](), reflect.TypeFor[events.Hash](), reflect.TypeFor[events.Nonce]())
	rapid.Check(t, func(t *rapid.T) {
		var copied domain.Roster
		play(t, func(s step) {
			entry := s.entry
			entry.Events = make(events.Facts, len(s.entry.Events))
			for i, e := range s.entry.Events {
				payload, err := json.Marshal(redacted.Payload(e))
				require.NoError(t, err)
				entry.Events[i], err = events.DecodePayload(e.Type(), payload)
				require.NoError(t, err)
			}
			copied = copied.Evolve(entry)
			org := copied.Organization("acme").At(s.Instant())
			require.Equal(t, s.after.Exists(), org.Exists())
			if !org.Exists() {
				return
			}
			for _, user := range everybody {
				assert.Equal(t, viewed(s.after.InOrganization(user)), viewed(org.InOrganization(user)))
				for _, project := range everywhere {
					want, got := s.after.Access(user, project), org.Access(user, project)
					assert.Equal(t, viewed(want), viewed(got), "%s on %s after %#v", user, project, s.entry.Events)
					assert.Equal(t, s.after.Explain(user, project, want, nil), org.Explain(user, project, got, nil))
				}
			}
		})
	})
}
