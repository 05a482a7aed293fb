package api

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/scheme"
)

type object = map[string]any

// TestRouteAndItemDecodeToTheSameCommand sends every command with all of its fields, once to
// its route and once as an item of a bulk.
func TestRouteAndItemDecodeToTheSameCommand(t *testing.T) {
	t.Parallel()
	master, _ := keyring.NewMasterKey()
	keys, err := keyring.Open(t.Context(), bustest.New(t), keyring.Config{Master: master})
	require.NoError(t, err)
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	sameCommand := cmp.Options{
		cmp.Transformer("open", func(s events.Sealed) string {
			text, err := keys.Open(t.Context(), "acme", s)
			assert.NoError(t, err)
			return text
		}),
		cmp.Comparer(func(a, b *domain.Scheme) bool { return a == b }),
		cmp.FilterPath(isNewSecret, cmp.Ignore()),
	}
	s, all := commandExamples(t)
	for _, c := range all {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			path, body := c.split(c.fields)
			sent, err := c.route.decode(t.Context(), Envelope{path: func(name string) string { return path[name] }, query: func(string) string { return "" }}, asJSON(t, body))
			require.NoError(t, err)
			assert.EqualValues(t, "acme", sent.organization)
			item, err := s.decodeItem(c.item(t, c.fields))
			require.NoError(t, err)

			builder := &commandBuilder{org: "acme", keys: keys, schemes: schemes, tries: s.tries}
			byRoute, err := sent.build(t.Context(), builder)
			require.NoError(t, err)
			asItem, err := item(t.Context(), builder)
			require.NoError(t, err)
			assert.Empty(t, cmp.Diff(byRoute, asItem, sameCommand))
		})
	}
}

// isNewSecret reports whether a value is random: a nonce, or the token that is made of it.
func isNewSecret(p cmp.Path) bool {
	field, ok := p.Last().(cmp.StructField)
	if !ok {
		return false
	}
	_, random := p.Index(-2).Type().FieldByName("Nonce")
	return random && (field.Name() == "Nonce" || field.Name() == "Token")
}

// TestRouteAndItemRefuseUnknownFields also holds for routes that take no field at all.
func TestRouteAndItemRefuseUnknownFields(t *testing.T) {
	t.Parallel()
	s, all := commandExamples(t)
	for _, c := range all {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			fields := maps.Clone(c.fields)
			fields["unknown"] = 7
			c.refusedByRoute(t, s, fields, "body.unknown")
			_, err := s.decodeItem(c.item(t, fields))
			assert.EqualError(t, err, `there is no field "unknown" here.`)
		})
	}
}

// TestRouteAndItemRefuseValuesOfAnotherType replaces each value in a body by one of another
// type, also those inside of others.
func TestRouteAndItemRefuseValuesOfAnotherType(t *testing.T) {
	t.Parallel()
	s, all := commandExamples(t)
	for _, c := range all {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			_, body := c.split(c.fields)
			for name, value := range body {
				eachMistyped(value, func(below string, mistyped any) {
					fields := maps.Clone(c.fields)
					fields[name] = mistyped
					c.refusedByRoute(t, s, fields, "body."+name+below)
					_, err := s.decodeItem(c.item(t, fields))
					assert.ErrorContains(t, err, name+below+" does not take a ")
				})
			}
			for _, f := range pathFields(c.route.sent) {
				fields := maps.Clone(c.fields)
				fields[f.name] = 7
				_, err := s.decodeItem(c.item(t, fields))
				assert.EqualError(t, err, f.name+" does not take a number.")
			}
		})
	}
}

// eachMistyped yields a value once for itself and once for each value inside of it, with one of
// another type in its place. The path leads from the value to what was replaced.
func eachMistyped(value any, yield func(path string, mistyped any)) {
	switch value := value.(type) {
	case object:
		for name, inside := range value {
			eachMistyped(inside, func(path string, mistyped any) {
				changed := maps.Clone(value)
				changed[name] = mistyped
				yield("."+name+path, changed)
			})
		}
	case []any:
		eachMistyped(value[0], func(path string, mistyped any) { yield("[0]"+path, []any{mistyped}) })
	case string:
		yield("", 7)
		return
	}
	yield("", "text")
}

// commandExample is a command with an example of every field.
type commandExample struct {
	id     string
	route  commandRoute
	fields object
}

// commandExamples returns an example of every command that has a route and is an item of a
// bulk, and a server that knows them. The fields are those of the item: a route may take
// more, such as several addresses.
func commandExamples(t *testing.T) (s *Server, all []commandExample) {
	t.Helper()
	s = newServer(Config{})
	require.Greater(t, len(s.routes), 45)
	for id, route := range s.routes {
		switch id {
		case "apply_declaration": // it looks at the whole organization, so a bulk takes none
			continue
		case "accept_invite_by_token", "decline_invite_by_token": // a bulk is of one organization, so it names the invite
			continue
		}
		require.Contains(t, s.items, id, "the route of %s has no item", id)
		schemas, fields := newRegistry(), object{}
		for name, property := range schemas.SchemaFromRef(schemas.Schema(s.items[id].sent, true, id).Ref).Properties {
			fields[name] = exampleOf(schemas, property)
		}
		var plain object
		require.NoError(t, json.Unmarshal(asJSON(t, fields), &plain))
		all = append(all, commandExample{id, route, plain})
	}
	return s, all
}

// split divides fields into those in the path of the route and those in its body.
func (c commandExample) split(fields object) (path map[string]string, body object) {
	path, body = map[string]string{"org": "acme"}, maps.Clone(fields)
	for _, f := range pathFields(c.route.sent) {
		path[f.name], _ = fields[f.name].(string)
		delete(body, f.name)
	}
	return path, body
}

// item returns the command as an item of a bulk.
func (c commandExample) item(t *testing.T, fields object) bulkItem {
	t.Helper()
	item := maps.Clone(fields)
	item["type"] = c.id
	return newBulkItem(asJSON(t, item))
}

// refusedByRoute sends fields to the route, which must refuse them for what is at a location.
func (c commandExample) refusedByRoute(t *testing.T, s *Server, fields object, location string) {
	t.Helper()
	path, body := c.split(fields)
	answer := c.send(t, s, path, asJSON(t, body))
	var problem Problem
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &problem))
	assert.Equal(t, http.StatusBadRequest, answer.Code)
	assert.Equal(t, errMalformed.code, problem.Code)
	if assert.Len(t, problem.Errors, 1, "%s", answer.Body) {
		assert.Equal(t, location, problem.Errors[0].Location)
	}
}

// send sends a request to the route, past what is the same for all requests.
func (c commandExample) send(t *testing.T, s *Server, path map[string]string, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	target := c.route.path
	for name, value := range path {
		target = strings.ReplaceAll(target, "{"+name+"}", value)
	}
	answer := httptest.NewRecorder()
	s.mux.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), c.route.method, target, strings.NewReader(string(body))))
	return answer
}

func asJSON(t *testing.T, value any) jsontext.Value {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return text
}
