package api

import (
	"runtime"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

// listInBody is an array in the body of an operation. Before and after are the text around it.
type listInBody struct {
	where, before, after string
	limit                int
}

// listsIn returns every array that a body may have.
func listsIn(schemas huma.Registry, s *huma.Schema, in listInBody) []listInBody {
	if s == nil {
		return nil
	}
	if s.Ref != "" {
		s = schemas.SchemaFromRef(s.Ref)
	}
	var found []listInBody
	inside := func(part *huma.Schema, name, before, after string) {
		found = append(found, listsIn(schemas, part, listInBody{in.where + name, in.before + before, after + in.after, 0})...)
	}
	if s.Type == huma.TypeArray {
		if s.MaxItems != nil {
			in.limit = *s.MaxItems
		}
		found = append(found, in)
		inside(s.Items, "[]", "[", "]")
	}
	for name, field := range s.Properties {
		inside(field, "."+name, `{"`+name+`":`, "}")
	}
	if every, ok := s.AdditionalProperties.(*huma.Schema); ok {
		inside(every, ".*", `{"name":`, "}")
	}
	for _, alternative := range s.OneOf {
		inside(alternative, "", "", "")
	}
	return found
}

// TestEveryListHasALimit asks of every array in every body of the document whether it has a
// limit, and whether reading stops there.
func TestEveryListHasALimit(t *testing.T) {
	s := newServer(Config{Desk: new(Desk), Ledger: new(bus.Ledger), Database: new(projections.Database), Keyring: new(keyring.Keyring), Schemes: scheme.Set{}})
	bodies, lists := 0, 0
	for path, item := range s.huma.OpenAPI().Paths {
		for _, op := range operations(item) {
			if op.RequestBody == nil {
				continue
			}
			bodies++
			limits := s.limitsOf(op.Method, path)
			for _, l := range listsIn(s.huma.OpenAPI().Components.Schemas, op.RequestBody.Content["application/json"].Schema, listInBody{where: op.OperationID}) {
				lists++
				if !assert.Positive(t, l.limit, "%s has no maxItems", l.where) {
					continue
				}
				items := func(n int) []byte {
					return []byte(l.before + "[" + strings.TrimSuffix(strings.Repeat("{},", n), ",") + "]" + l.after)
				}
				require.NoError(t, limits.check(items(l.limit), limits.values), l.where)
				require.ErrorIs(t, limits.check(items(l.limit+1), limits.values), domain.ErrTooMany, l.where)
				many := items(2_700_000)
				assert.Less(t, allocated(func() { require.Error(t, limits.check(many, limits.values)) }), uint64(4<<20), l.where)
			}
			unknown := []byte(`{"unknown":[` + strings.TrimSuffix(strings.Repeat("{},", 100_000), ",") + "]}")
			require.Error(t, limits.check(unknown, limits.values), op.OperationID)
		}
	}
	assert.Greater(t, bodies, 30)
	assert.Greater(t, lists, 10)
}

// allocated returns how many bytes a function allocates.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestBoundsOfWhatIsNoList reads what is not what the schema has.
func TestBoundsOfWhatIsNoList(t *testing.T) {
	t.Parallel()
	b := &bounds{fields: map[string]*bounds{"ids": {items: 2}, "name": {}}}
	for _, test := range []struct {
		name, text string
		err        error
	}{
		{"within the bounds", `{"ids": [1, 2], "name": "x"}`, nil},
		{"no JSON", `{"ids": [1,`, nil},
		{"nothing", ``, nil},
		{"an empty list where none is", `[]`, nil},
		{"a list where none is", `{"name": ["x"]}`, errMalformed.because("name does not take a list.")},
		{"a list of an unknown field", `{"none": [1]}`, errMalformed.because("There is no field none.")},
		{"a list within an unknown field", `{"none": {"ids": [1]}, "ids": [1]}`, errMalformed.because("There is no field none.")},
		{"a list where none is, behind an unknown field", `{"none": {}, "name": [1]}`, errMalformed.because("name does not take a list.")},
		{"a list in a list", `{"ids": [[1]]}`, errMalformed.because("ids[0] does not take a list.")},
		{"many fields", `{` + strings.Repeat(`"x":0,`, maxFields) + `"x":0}`, errTooLarge},
		{"many values", `{"x": {"x": {"x": {"x": {"x": {"x": {"x": {"x": {"x": {"x": {}}}}}}}}}}}`, errTooLarge},
	} {
		err := b.check([]byte(test.text), 10)
		if test.name == "many fields" {
			err = b.check([]byte(test.text), maxValues)
		}
		if test.err == nil {
			assert.NoError(t, err, test.name)
			continue
		}
		require.Error(t, err, test.name)
		assert.Equal(t, problemOf(test.err).Code, problemOf(err).Code, test.name)
		if test.err != errTooLarge { //nolint:errorlint // it is no chain
			assert.Equal(t, problemOf(test.err).Detail, problemOf(err).Detail, test.name)
		}
	}
}
