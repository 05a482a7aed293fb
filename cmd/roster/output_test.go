package main

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json"
)

func TestTable(t *testing.T) {
	t.Parallel()
	var rows []row
	err := json.Unmarshal([]byte(`[
		{"user": "ada", "members": 12000000, "joined": {"since": "2024", "by": "bob"}, "sources": [{"kind": "direct"}, {"kind": "team", "name": "core"}]},
		{"user": "bartholomew", "sources": [], "joined": {}}
	]`), &rows)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := printTable(&out, rows, columns("USER=user COUNT=members JOINED=joined.since BY=joined.by SOURCES=sources.kind ALL=joined")); err != nil {
		t.Fatal(err)
	}
	want := `USER         COUNT     JOINED  BY   SOURCES       ALL
ada          12000000  2024    bob  direct, team  by=bob since=2024
bartholomew
`
	if got := out.String(); got != want {
		t.Errorf("printed\n%s\nnot\n%s", got, want)
	}
}
