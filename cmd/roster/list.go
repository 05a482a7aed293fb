package main

import (
	"context"
	"maps"
	"net/http"
	"net/url"
)

// pageSize is how many rows are asked for at once.
const pageSize = "200"

// paged makes the query of a list that comes in pages.
func paged(stated map[string]string) url.Values {
	query := asked(stated)
	query.Set("limit", pageSize)
	return query
}

// list prints a list with all its pages, at least as new as the moment of the call.
func (sh *shell) list(ctx context.Context, path string, query url.Values, shown string) error {
	rows, err := sh.rows(ctx, path, query)
	if err != nil {
		return err
	}
	return sh.print(rows, shown)
}

func (sh *shell) rows(ctx context.Context, path string, query url.Values) ([]row, error) {
	client, err := sh.client()
	if err != nil {
		return nil, err
	}
	if err := client.catchUp(ctx); err != nil {
		return nil, err
	}
	return client.rows(ctx, path, query)
}

// rowPage is a part of a list.
type rowPage struct {
	Items []row  `json:"items"`
	Next  string `json:"next,omitzero"`
}

// rows reads all pages.
func (c *client) rows(ctx context.Context, path string, query url.Values) ([]row, error) {
	all := []row{}
	query = maps.Clone(query)
	for {
		var page rowPage
		if err := c.get(ctx, path, query, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			return all, nil
		}
		query.Set("after", page.Next)
	}
}

// catchUp learns the newest position, which every answer carries, so that lists
// wait for it: asking nothing is the cheapest question that anybody may ask.
func (c *client) catchUp(ctx context.Context) error {
	nothing := map[string][]string{"questions": {}}
	return c.do(ctx, http.MethodPost, path("access:check"), nil, nothing, nil)
}
