package main

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	t.Parallel()
	var rows []row
	err := json.Unmarshal([]byte(`[
		{"user": "ada", "members": 12000000, "joined": {"since": "2024", "by": "bob"}, "sources": [{"kind": "direct"}, {"kind": "team", "name": "core"}]},
		{"user": "bartholomew", "sources": [], "joined": {}}
	]`), &rows)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, printTable(&out, rows, columns("USER=user COUNT=members JOINED=joined.since BY=joined.by SOURCES=sources.kind ALL=joined FIRST=none|joined.by|user")))
	want := `USER         COUNT     JOINED  BY   SOURCES       ALL                FIRST
ada          12000000  2024    bob  direct, team  by=bob since=2024  bob
bartholomew                                                          bartholomew
`
	assert.Equal(t, want, out.String())
}

// TestTerminalsAreNotObeyed prints names that would clear a screen, turn text round,
// or break a table.
func TestTerminalsAreNotObeyed(t *testing.T) {
	t.Parallel()
	const bad = "Zo\u00eb \\o/\x1b[2J\u009b31m\u202e\t\r\nx"
	const shown = `Zoë \o/\x1b[2J\u009b31m\u202e\t\r\nx`
	var out bytes.Buffer
	sh := &shell{out: &out}
	require.NoError(t, printTable(&out, flat("", row{"name": bad}), columns("NAME=value")))
	payload, err := json.Marshal(row{"payload": row{"name": bad}})
	require.NoError(t, err)
	require.NoError(t, sh.printEvent(payload))
	want := "NAME\n" + shown + "\n          name=" + shown + "\n"
	assert.Equal(t, want, out.String())
	refused := answering(t, problemOf(http.StatusConflict, `{"detail":"No \u001b[2J.","errors":[{"index":0,"detail":"\u0007"},{"index":1,"detail":"b"}]}`))
	_, said, _ := roster("--url", refused, "--key", "k", "status")
	assert.Equal(t, "roster: No \\x1b[2J.\n  item 0: \\a\n  item 1: b\n", said)
}
