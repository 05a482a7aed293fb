package client_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/events"
)

func TestEventsDecode(t *testing.T) {
	t.Parallel()
	e := client.Event{Type: "membership.joined.v1", Payload: jsontext.Value(`{"member":"ada","role":"owner","shoe_size":38}`)}
	got, err := e.Decode()
	require.NoError(t, err, "a newer server may add a field")
	assert.Equal(t, events.MemberJoined{Member: "ada", Role: "owner"}, got)

	e.Payload = jsontext.Value(`{"member":7}`)
	_, err = e.Decode()
	require.Error(t, err)

	e.Type = "membership.joined.v2"
	_, err = e.Decode()
	var unknown *events.UnknownTypeError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, events.Type(e.Type), unknown.Type)
}
