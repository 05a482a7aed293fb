package api

import (
	"net/url"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// queryFields are those that may be in the query as well as in the body.
func queryFields(sent reflect.Type) []addressField { return addressFields(sent, "query") }

// readQuery sets fields of what was sent, a pointer to a struct, from the query. The body is JSON, or nil. It fails if
// the body says something else, since one of the two is a mistake.
func readQuery(e Envelope, body jsontext.Value, sent any) error {
	into := reflect.ValueOf(sent).Elem()
	for _, f := range queryFields(into.Type()) {
		text := e.query(f.name)
		if text == "" {
			continue
		}
		field := into.Field(f.index)
		inBody := field.Interface()
		if field.Kind() == reflect.Bool {
			is, err := strconv.ParseBool(text)
			if err != nil {
				return errMalformed.because("%s is true or false.", f.name)
			}
			field.SetBool(is)
		} else {
			field.SetString(text)
		}
		if field.Interface() != inBody && names(body, f.name) {
			return errMalformed.because("The query says %s=%s, and the body something else: say it in one of them.", f.name, text)
		}
	}
	return nil
}

// names reports whether an object in JSON has a field that is not null.
func names(object jsontext.Value, field string) bool {
	var fields map[string]jsontext.Value
	if json.Unmarshal(object, &fields) != nil {
		return false // it is no JSON, or there is none
	}
	value, is := fields[field]
	return is && value.Kind() != 'n'
}

// bodyQuery hides fields of the body that are in the query from huma, which refuses query
// parameters that are no fields of its input.
type bodyQuery struct {
	humaContext

	fields []addressField
}

// humaContext is [huma.Context], whose own name is that of one of its methods.
type humaContext = huma.Context

// URL implements [huma.Context].
func (q bodyQuery) URL() url.URL {
	address := q.humaContext.URL()
	values := address.Query()
	for _, f := range q.fields {
		values.Del(f.name)
	}
	address.RawQuery = values.Encode()
	return address
}
