package api_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// BenchmarkPages reads a page of 50 from lists of thousands, with what the actor may
// do about each row.
func BenchmarkPages(b *testing.B) {
	for _, scheme := range []struct{ key, role string }{{"agency", "developer"}, {"scoped", "member"}} {
		h := apitest.Start(b)
		org := "/v1/organizations/" + scheme.key
		h.As("").May("POST /v1/organizations", o{"id": scheme.key, "scheme": scheme.key, "owner": "ada"})
		h.As("").May("POST "+org+"/projects", o{"id": "big"})
		h.As("").May("PATCH "+org+"/seats", o{"seats": 100_000})
		for from := 0; from < 10_000; from += 500 {
			var commands []o
			for i := from; i < from+500; i++ {
				user := fmt.Sprintf("u%05d", i)
				commands = append(commands, o{"type": "add_member", "user": user, "role": scheme.role, "name": "Somebody " + user})
				if i%2 == 0 {
					commands = append(commands, o{"type": "add_project_member", "project": "big", "user": user})
				}
			}
			h.As("").May("POST "+org+"/commands", o{"commands": commands})
		}
		var commands []o
		for i := range 200 {
			commands = append(commands, o{"type": "create_project", "id": fmt.Sprintf("p%03d", i)})
		}
		h.As("").May("POST "+org+"/commands", o{"commands": commands})
		h.As("").Sees(org + "/members?limit=1")
		require.NoError(b, h.Config.Database.Rebuild(b.Context(), h.Config.Ledger, nil)) // which leaves statistics behind
		for _, list := range []string{"/members", "/projects/big/members", "/projects", "/projects/big/candidates", "/projects/big/search?search=somebody"} {
			b.Run(scheme.key+list, func(b *testing.B) {
				var ours []time.Duration
				for b.Loop() {
					began := time.Now()
					page, content := h.As("ada").Open(org + list)
					_, err := io.Copy(io.Discard, content)
					ours = append(ours, time.Since(began))
					require.NoError(b, err)
					require.NoError(b, content.Close())
					require.Equal(b, http.StatusOK, page.Status)
				}
				b.ReportMetric(float64(median(ours).Microseconds())/1000, "median-ms")
			})
		}
	}
}
