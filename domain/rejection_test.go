package domain_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
)

func TestRejections(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range domain.Rejections() {
		assert.NotEmpty(t, r.Code, "%+v says too little", r)
		assert.NotEmpty(t, r.Detail, "%+v says too little", r)
		assert.GreaterOrEqual(t, r.Kind, domain.NotFound, "%+v says too little", r)
		assert.LessOrEqual(t, r.Kind, domain.Meaningless, "%+v says too little", r)
		assert.False(t, seen[r.Code], "%s stands for two rejections", r.Code)
		seen[r.Code] = true
	}
}

// TestRejectionsAreListed holds the list against the variables in the source.
func TestRejectionsAreListed(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("rejection.go")
	require.NoError(t, err)
	declared := strings.Count(string(source), "= &Rejection{")
	assert.Equal(t, len(domain.Rejections()), declared, "rejections are declared, listed")
}
