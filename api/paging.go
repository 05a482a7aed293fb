package api

import "github.com/seed-2026d078/roster/projections"

// Paging asks for a part of a list.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	After string `query:"after" doc:"The next of the page before."`
}

func (p Paging) page() projections.Page { return projections.Page{Limit: p.Limit, After: p.After} }

// fill reads on until a page is full of what a look at each item lets through,
// changed by it perhaps: its cursor names nothing that was left out, and is there
// only where more was let through.
func fill[T interface{ Cursor() string }](page projections.Page, read func(projections.Page) (projections.List[T], error), look func(*T) bool) (projections.List[T], error) {
	limit := page.Limit
	page.Limit++ // one more tells whether this page is the last
	full := projections.List[T]{Items: []T{}}
	for {
		found, err := read(page)
		if err != nil {
			return full, err
		}
		full.Items = append(full.Items, keep(found.Items, look)...)
		if len(full.Items) > limit {
			full.Items = full.Items[:limit]
			full.Next = full.Items[limit-1].Cursor()
			return full, nil
		}
		if page.After = found.Next; page.After == "" {
			return full, nil
		}
	}
}

// keep returns the items that a look at each lets through, changed by it perhaps.
func keep[T any](items []T, look func(*T) bool) []T {
	kept := items[:0]
	for i := range items {
		if look(&items[i]) {
			kept = append(kept, items[i])
		}
	}
	return kept
}

// rows returns the same page with each item as a row of another kind.
func rows[A, B any](found projections.List[A], of func(A) B) projections.List[B] {
	page := projections.List[B]{Items: make([]B, len(found.Items)), Next: found.Next}
	for i := range found.Items {
		page.Items[i] = of(found.Items[i])
	}
	return page
}
