package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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
		return fmt.Errorf("%s does not take a %s", place(semantic.JSONPointer), semantic.JSONKind)
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
		return rephrase(http.StatusBadRequest, "", []error{&huma.ErrorDetail{Location: "body", Message: err.Error()}})
	}
	return nil
}

// place writes a pointer as the rest of the API writes places: body.role.
func place(p jsontext.Pointer) string {
	if p == "" {
		return "the body"
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(p), "/"), "/", ".")
}
