package client

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// operation is the route of an operation.
type operation struct {
	method string
	// path has the names of its parameters in braces.
	path string
	// body says that the request has a body.
	body bool
}

// request is what is sent.
type request struct {
	method, path, accept string
	query                url.Values
	// body is JSON; nil for none.
	body []byte
	// stream says that the answer is read while it arrives; after is the cursor after
	// which it resumes.
	stream bool
	after  string
}

// request makes a request of the values in its path and of the other arguments. It fails for an
// empty value: without it the path would be that of something else.
func (o operation) request(path []string, in any) (request, error) {
	r := request{method: o.method, query: url.Values{}}
	segments := strings.Split(o.path, "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			if path[0] == "" {
				return r, fmt.Errorf("the %s is empty: %s %s needs one", strings.Trim(segment, "{}"), o.method, o.path)
			}
			segments[i], path = escaped(path[0]), path[1:]
		}
	}
	r.path = strings.Join(segments, "/")
	if o.body {
		var err error
		r.body, err = json.Marshal(in, json.Deterministic(true))
		return r, err
	}
	fields, err := fieldsOf(in)
	for name, value := range fields {
		if value.Kind() != '[' {
			r.query.Set(name, text(value))
			continue
		}
		var several []jsontext.Value
		err = json.Unmarshal(value, &several)
		for _, one := range several {
			r.query.Add(name, text(one))
		}
	}
	return r, err
}

// escaped returns a value as a segment of a path. Dots alone would be no value, but a step in the path.
func escaped(value string) string {
	if value == "." || value == ".." {
		return strings.ReplaceAll(value, ".", "%2E")
	}
	return url.PathEscape(value)
}

// fieldsOf returns what a struct or a map holds, by the names in JSON.
func fieldsOf(arguments any) (map[string]jsontext.Value, error) {
	fields := map[string]jsontext.Value{}
	if arguments == nil {
		return fields, nil
	}
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return nil, fmt.Errorf("encode the arguments: %w", err)
	}
	return fields, json.Unmarshal(encoded, &fields)
}

// text returns a string, number or boolean as it is written in a path or query.
func text(value jsontext.Value) string {
	if value.Kind() != '"' {
		return string(value)
	}
	unquoted, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		return string(value)
	}
	return string(unquoted)
}
