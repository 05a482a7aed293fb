package api

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file that people review.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "%s has changed; where that is meant, run the tests with -update", path)
}

func TestProblemsAreStable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range Problems() {
		assert.False(t, seen[p.Code], "%+v stands twice, or lacks something", p)
		assert.GreaterOrEqual(t, p.Status, 400, "%+v stands twice, or lacks something", p)
		assert.NotEmpty(t, p.Title, "%+v stands twice, or lacks something", p)
		assert.True(t, strings.HasSuffix(p.Detail, "."), "%+v stands twice, or lacks something", p)
		seen[p.Code] = true
	}
	text, err := json.Marshal(Problems(), json.Deterministic(true), jsontext.WithIndent("  "))
	require.NoError(t, err)
	golden(t, "problems.json", append(text, '\n'))
}

// TestProblemsAreDocumented holds the table in the guide against the list.
func TestProblemsAreDocumented(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString("# Problems\n\nEvery request that fails is answered with a problem as RFC 9457 describes it. `code` names\n" +
		"the rule and never changes; `type` is `/problems/` and the code, and can be opened.\n\n| status | code | what it says |\n| --- | --- | --- |\n")
	for _, p := range Problems() {
		fmt.Fprintf(&table, "| %d | `%s` | %s |\n", p.Status, p.Code, p.Detail)
	}
	golden(t, filepath.Join("..", "..", "docs", "problems.md"), []byte(table.String()))
}

// TestEveryRefusalIsListed finds the variables that nobody put into the list.
func TestEveryRefusalIsListed(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "refusal.go", nil, 0)
	require.NoError(t, err)
	declared, listed := 0, map[string]bool{}
	for _, r := range refusals() {
		listed[r.code] = true
	}
	for node := range ast.Preorder(file) {
		if literal, ok := node.(*ast.CompositeLit); ok && len(literal.Elts) == 3 {
			code, ok := literal.Elts[1].(*ast.BasicLit)
			if !ok {
				continue // because makes one of another
			}
			declared++
			assert.True(t, listed[strings.Trim(code.Value, `"`)], "%s is in no list", code.Value)
		}
	}
	assert.NotZero(t, declared, "declared refusals")
	assert.Len(t, refusals(), declared, "a declared refusal is not listed")
}

func TestErrorsBecomeProblems(t *testing.T) {
	t.Parallel()
	batch := &domain.BatchError{Items: []domain.ItemError{{Index: 3, Err: domain.ErrNoTeam}, {Index: 5, Err: errMalformed}}}
	for _, tc := range []struct {
		err    error
		status int
		code   string
	}{
		{domain.ErrNoOrganization, http.StatusNotFound, "no_organization"},
		{domain.ErrNotAllowed, http.StatusForbidden, "not_allowed"},
		{domain.ErrLastHolder, http.StatusConflict, "last_holder"},
		{domain.ErrUnknownRole, http.StatusUnprocessableEntity, "unknown_role"},
		{batch, http.StatusNotFound, "no_team"},
		{&bus.StaleError{Current: 7}, http.StatusPreconditionFailed, "stale_version"},
		{&bus.TooLargeError{Limit: 1, Size: 2}, http.StatusUnprocessableEntity, "event_too_large"},
		{bus.ErrKeyReused, http.StatusUnprocessableEntity, "key_reused"},
		{bus.ErrContended, http.StatusConflict, "contended"},
		{bus.ErrUnavailable, http.StatusServiceUnavailable, "ledger_unavailable"},
		{bus.ErrNoSpace, http.StatusServiceUnavailable, "no_space"},
		{bus.ErrNotWritable, http.StatusServiceUnavailable, "not_writable"},
		{projections.ErrUnavailable, http.StatusServiceUnavailable, "database_unavailable"},
		{&projections.DamageError{Suggestion: "damaged", Err: errors.New("a secret path")}, http.StatusServiceUnavailable, "read_models_damaged"},
		{&keyring.UnreadableError{Organization: "acme", Err: errors.New("gone")}, http.StatusInternalServerError, "key_missing"},
		{projections.ErrBadCursor, http.StatusBadRequest, "bad_cursor"},
		{&http.MaxBytesError{Limit: 1}, http.StatusRequestEntityTooLarge, "too_large"},
		{context.Canceled, http.StatusServiceUnavailable, "interrupted"},
		{errors.New("the secret of the program"), http.StatusInternalServerError, "fault"},
	} {
		for _, err := range []error{tc.err, fmt.Errorf("on the way: %w", tc.err)} {
			p := problemOf(err)
			assert.Equal(t, tc.status, p.Status, "the status of %v", err)
			assert.Equal(t, tc.code, p.Code, "the code of %v", err)
			assert.NotContains(t, p.Detail, "secret", "the detail of a fault got out")
		}
	}
	p := problemOf(batch)
	require.Len(t, p.Errors, 2, "the items of a batch")
	assert.Equal(t, 3, *p.Errors[0].Index, "the items of a batch")
	assert.Equal(t, "malformed", p.Errors[1].Code, "the items of a batch")
	got := errUnavailable
	assert.NotEmpty(t, newProblem(got.status, got.code, got.detail).GetHeaders().Get("Retry-After"), "a 503 does not say when to come back")
}
