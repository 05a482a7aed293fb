package domain_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
)

func TestRejections(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range domain.Rejections() {
		if r.Code == "" || r.Detail == "" || r.Kind < domain.NotFound || r.Kind > domain.Meaningless {
			t.Errorf("%+v says too little", r)
		}
		if seen[r.Code] {
			t.Errorf("%s stands for two rejections", r.Code)
		}
		seen[r.Code] = true
	}
}

// TestRejectionsAreListed holds the list against the variables in the source.
func TestRejectionsAreListed(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("rejection.go")
	require.NoError(t, err)
	if declared := strings.Count(string(source), "= &Rejection{"); declared != len(domain.Rejections()) {
		t.Errorf("%d rejections are declared, %d listed", declared, len(domain.Rejections()))
	}
}
