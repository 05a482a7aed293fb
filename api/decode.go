package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// decode reads JSON and refuses what the target does not know: it would be
// silently dropped. Its errors are for people.
func decode(text []byte, into any) error {
	err := json.Unmarshal(text, into, json.RejectUnknownMembers(true))
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &semantic) && errors.Is(semantic.Err, json.ErrUnknownName):
		return fmt.Errorf("there is no field %q here", semantic.JSONPointer.LastToken())
	case errors.As(err, &semantic):
		return fmt.Errorf("%s does not take a %s", fieldPath(semantic.JSONPointer), semantic.JSONKind)
	case errors.As(err, &syntactic):
		return fmt.Errorf("this is no JSON at byte %d: %w", syntactic.ByteOffset, syntactic.Err)
	}
	return errors.New("this is no JSON")
}

// decodeBody decodes the body of a command; none leaves everything out.
func decodeBody(body []byte, into any) error {
	if len(body) == 0 {
		return nil
	}
	if err := decode(body, into); err != nil {
		return humaProblem(http.StatusBadRequest, "", []error{&huma.ErrorDetail{Location: "body", Message: err.Error()}})
	}
	return nil
}

// fieldPath writes a pointer as the rest of the API writes places: body.role.
func fieldPath(p jsontext.Pointer) string {
	if p == "" {
		return "the body"
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(p), "/"), "/", ".")
}

// instant is a moment as a query names it; its zero value is none.
type instant struct{ time.Time }

// endOf is when something ends; zero is never.
func endOf(until *time.Time) time.Time {
	if until == nil {
		return time.Time{}
	}
	return events.Instant(*until)
}

// UnmarshalText reads a moment: RFC 3339, or a date, which is where it begins in UTC.
func (i *instant) UnmarshalText(text []byte) error {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		at, err := time.Parse(form, string(text))
		if err == nil {
			i.Time = at
			return nil
		}
	}
	return fmt.Errorf("%q is no moment: write it as 2006-01-02T15:04:05Z, or as 2006-01-02", text)
}

// Schema says what the text looks like.
func (instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Examples: []any{"2006-01-02T15:04:05Z", "2006-01-02"}}
}
