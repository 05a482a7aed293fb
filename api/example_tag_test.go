package api

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFieldsOfCommandsHaveExamples finds the fields whose example would be the text that
// stands for any: the documentation and generated clients show a real one.
func TestFieldsOfCommandsHaveExamples(t *testing.T) {
	t.Parallel()
	s := newServer(Config{})
	require.NotEmpty(t, s.items)
	schemas := newRegistry()
	for id, item := range s.items {
		for name, property := range schemas.SchemaFromRef(schemas.Schema(item.sent, true, id).Ref).Properties {
			assert.NotEqual(t, "text", exampleOf(schemas, property), "give %s of %s (%s) an example", name, id, item.sent)
		}
	}
}

// TestServersHaveTheSameDocument holds that a server changes nothing of the schemas that it shares with those before it.
func TestServersHaveTheSameDocument(t *testing.T) {
	t.Parallel()
	first, err := Description()
	require.NoError(t, err)
	second, err := Description()
	require.NoError(t, err)
	assert.Equal(t, string(first), string(second))
}
