package client

import (
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Operations returns the ids of all operations, sorted.
func Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// Call carries out the operation that has this id in the description of the API. The
// fields of arguments, a struct or a map, fill the path by their names in it; the others
// are the query of a GET, else the body. The answer goes to result, unless that is nil.
//
// Every operation has a method of its own. Call is for programs that learn at run time
// what to do, and for single pages of lists, with their counts and cursors.
func (c *Client) Call(ctx context.Context, id string, arguments, result any, opts ...Option) error {
	s := c.settings(opts)
	r, err := requestOf(id, arguments, s.csv)
	if err != nil {
		return err
	}
	return c.do(ctx, r, result, s)
}

// Open is [Client.Call] for an answer that is not JSON, such as text/csv, or that the caller
// wants unchanged. The caller closes it.
func (c *Client) Open(ctx context.Context, id string, arguments any, accept string, opts ...Option) (io.ReadCloser, error) {
	r, err := requestOf(id, arguments, nil)
	if err != nil {
		return nil, err
	}
	r.accept, r.stream = accept, true
	answer, err := c.send(ctx, r, c.settings(opts))
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

// CatchUp learns the newest position of the ledger, so that later answers show all that
// anybody has done before.
func (c *Client) CatchUp(ctx context.Context) error {
	nothing := map[string][]string{"questions": {}} // a check without questions, which everybody may ask
	return c.Call(ctx, "check_access", nothing, nil)
}

// Page is a part of a list. Next is the cursor of the page after it, the argument
// "after"; empty on the last page.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitzero"`
}

// List yields the items of the list that has this operation id and fetches its pages as
// they are needed. It ends with the first error. Arguments are as with [Client.Call].
func List[T any](ctx context.Context, c *Client, id string, arguments any, opts ...Option) iter.Seq2[T, error] {
	r, err := requestOf(id, arguments, nil)
	return items[T](ctx, c, r, err, opts)
}

// call carries out an operation, with these values in its path.
func call[T any](ctx context.Context, c *Client, id string, in any, opts []Option, path ...string) (result T, err error) {
	r, err := operations[id].request(path, in)
	if err != nil {
		return result, err
	}
	s := c.settings(opts)
	if s.dryRun != nil {
		return result, c.do(ctx, r, nil, s)
	}
	return result, c.do(ctx, r, &result, s)
}

// list is [List] for an operation whose path has these values.
func list[T any](ctx context.Context, c *Client, id string, in any, opts []Option, path ...string) iter.Seq2[T, error] {
	r, err := operations[id].request(path, in)
	return items[T](ctx, c, r, err, opts)
}

// items yields the items of all pages. If err is not nil, it yields only the error.
func items[T any](ctx context.Context, c *Client, r request, err error, opts []Option) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err != nil {
			yield(none, err)
			return
		}
		s := c.settings(opts)
		if s.pageSize > 0 {
			r.query.Set("limit", strconv.Itoa(s.pageSize))
		}
		for {
			var page Page[T]
			if err := c.do(ctx, r, &page, s); err != nil {
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			r.query.Set("after", page.Next)
		}
	}
}

// requestOf makes a request whose path takes its values from the arguments. If there is a table, that is the body.
func requestOf(id string, arguments any, table []byte) (request, error) {
	o, known := operations[id]
	if !known {
		return request{}, fmt.Errorf("the API has no operation %q", id)
	}
	fields, err := fieldsOf(arguments)
	if err != nil {
		return request{}, err
	}
	var path []string
	for segment := range strings.SplitSeq(o.path, "/") {
		if name, found := strings.CutPrefix(segment, "{"); found {
			name = strings.TrimSuffix(name, "}")
			path = append(path, text(fields[name]))
			delete(fields, name)
		}
	}
	if table == nil {
		return o.request(path, fields)
	}
	o.body = false
	r, err := o.request(path, fields)
	r.body = table
	return r, err
}
