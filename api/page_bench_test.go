package api_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkPages reads a page of 50 from lists of thousands, with what the actor may
// do about each row.
func BenchmarkPages(b *testing.B) {
	for _, scheme := range []struct{ key, role string }{{"agency", "developer"}, {"scoped", "member"}} {
		h := startServer(b)
		org := "/v1/organizations/" + scheme.key
		h.system(step{"POST /v1/organizations", o{"id": scheme.key, "scheme": scheme.key, "owner": "ada"}}, step{"POST " + org + "/projects", o{"id": "big"}},
			step{"PATCH " + org + "/seats", o{"seats": 100_000}})
		for from := 0; from < 10_000; from += 500 {
			var commands []o
			for i := from; i < from+500; i++ {
				user := fmt.Sprintf("u%05d", i)
				commands = append(commands, o{"type": "add_member", "user": user, "role": scheme.role, "name": "Somebody " + user})
				if i%2 == 0 {
					commands = append(commands, o{"type": "add_project_member", "project": "big", "user": user})
				}
			}
			h.system(step{"POST " + org + "/commands", o{"commands": commands}})
		}
		var commands []o
		for i := range 200 {
			commands = append(commands, o{"type": "create_project", "id": fmt.Sprintf("p%03d", i)})
		}
		now := h.system(step{"POST " + org + "/commands", o{"commands": commands}})
		h.reads("", now, org+"/members?limit=1").ok()
		require.NoError(b, h.config.Database.Rebuild(b.Context(), h.ledger, nil)) // which leaves statistics behind
		for _, list := range []string{"/members", "/projects/big/members", "/projects", "/projects/big/candidates", "/projects/big/search?search=somebody"} {
			b.Run(scheme.key+list, func(b *testing.B) {
				var ours []time.Duration
				for b.Loop() {
					began := time.Now()
					got := h.as("ada").do("GET "+org+list, nil)
					ours = append(ours, time.Since(began))
					require.Equal(b, http.StatusOK, got.status, "%s: %s", got.what, got.body)
				}
				b.ReportMetric(float64(median(ours).Microseconds())/1000, "median-ms")
			})
		}
	}
}
