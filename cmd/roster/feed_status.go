package main

import (
	"context"
	"time"
)

// feedStatusCmd says how far the feed has come.
type feedStatusCmd struct{}

// Run prints what the stream holds, and what that means.
func (feedStatusCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	found, err := asks.GetFeed(ctx)
	if err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	oldest := "none"
	if !found.Oldest.IsZero() {
		oldest = found.Oldest.UTC().Format(time.RFC3339)
	}
	rows := []row{
		{"field": "position", "value": found.Position, "meaning": "every commit up to this one is in the stream"},
		{"field": "newest", "value": found.Newest, "meaning": "the newest commit of the ledger"},
		{"field": "behind", "value": found.Behind, "meaning": "commits that are not in the stream, or not known to be; 1 for up to a second after a commit"},
		{"field": "messages", "value": found.Messages, "meaning": "messages that the stream keeps"},
		{"field": "bytes", "value": found.Bytes, "meaning": "their size"},
		{"field": "oldest", "value": oldest, "meaning": "when the oldest of them was published"},
	}
	if found.RebuildingTo != 0 {
		rows = append(rows, row{"field": "rebuilding_to", "value": found.RebuildingTo, "meaning": "the stream is being made again up to this commit"})
	}
	return printTable(sh.out, rows, columns("FIELD=field VALUE=value MEANING=meaning"))
}
