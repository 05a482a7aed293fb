package api

import "github.com/seed-2026d078/roster/projections"

// Paging asks for a part of a list.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	After string `query:"after" doc:"The next of the page before."`
}

func (p Paging) page() projections.Page { return projections.Page{Limit: p.Limit, After: p.After} }
