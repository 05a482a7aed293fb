// Package openapitest holds the answers of a server against its OpenAPI document, in tests.
//
// A test puts [Validator.Handler] in front of its server; every answer that the document
// does not describe then fails the test:
//
//	validator, err := openapitest.New(document)
//	...
//	front := httptest.NewServer(validator.Handler(server, t.Error))
//
// An answer is described if the operation has its status and media type, and its body is
// valid against the schema without a field that the schema does not name. Of streams,
// every event is looked at.
package openapitest

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Validator knows a document. Tests can share it, at the same time, too.
type Validator struct {
	paths    map[string]any
	mux      *http.ServeMux
	compiler *jsonschema.Compiler

	lock     sync.Mutex
	compiled map[string]*jsonschema.Schema
}

const resource = "openapi.json"

// New reads a document.
func New(document []byte) (*Validator, error) {
	read, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return nil, err
	}
	closeObjects(read)
	v := &Validator{mux: http.NewServeMux(), compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	v.compiler.AssertFormat()
	if err := v.compiler.AddResource(resource, read); err != nil {
		return nil, err
	}
	root, _ := read.(map[string]any)
	v.paths, _ = root["paths"].(map[string]any)
	for route, item := range v.paths {
		methods, _ := item.(map[string]any)
		for method := range methods {
			v.mux.Handle(strings.ToUpper(method)+" "+route, http.NotFoundHandler())
		}
	}
	return v, nil
}

// closeObjects refuses fields that a schema does not name. The document leaves objects of
// answers open for later versions; what this version sends it has to name.
func closeObjects(part any) {
	switch part := part.(type) {
	case map[string]any:
		if _, said := part["additionalProperties"]; part["type"] == "object" && part["properties"] != nil && !said {
			part["additionalProperties"] = false
		}
		for _, inner := range part {
			closeObjects(inner)
		}
	case []any:
		for _, inner := range part {
			closeObjects(inner)
		}
	}
}

// Validate returns what is wrong with an answer to a request; nil for nothing.
func (v *Validator) Validate(r *http.Request, status int, header http.Header, body []byte) error {
	mediaType, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	_, pattern := v.mux.Handler(r)
	method, route, found := strings.Cut(pattern, " ")
	if !found || path.Clean(r.URL.Path) != r.URL.Path {
		if status < http.StatusBadRequest {
			return nil // a page for people, or the document
		}
		return v.body("#/components/schemas/Problem", mediaType, body)
	}
	pointer := fmt.Sprintf("#/paths/%s/%s/responses/%d", escape(route), strings.ToLower(method), status)
	methods, _ := v.paths[route].(map[string]any)
	operation, _ := methods[strings.ToLower(method)].(map[string]any)
	responses, _ := operation["responses"].(map[string]any)
	response, _ := responses[strconv.Itoa(status)].(map[string]any)
	switch ref, isRef := response["$ref"].(string); {
	case response == nil:
		return fmt.Errorf("the status %d is not described", status)
	case isRef:
		return v.body(ref+"/content/"+escape(mediaType)+"/schema", mediaType, body)
	}
	content, _ := response["content"].(map[string]any)
	if content[mediaType] == nil {
		return fmt.Errorf("the media type %q is not described for the status %d", mediaType, status)
	}
	if r.Method == http.MethodHead {
		return nil
	}
	return v.body(pointer+"/content/"+escape(mediaType)+"/schema", mediaType, body)
}

// escape writes a name as a part of a JSON pointer in a URL.
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(name)
}

// body validates every JSON value that a body has.
func (v *Validator) body(pointer, mediaType string, body []byte) error {
	var values [][]byte
	switch {
	case mediaType == "application/x-ndjson":
		values = bytes.Split(bytes.TrimSpace(body), []byte("\n"))
	case mediaType == "text/event-stream":
		for line := range bytes.SplitSeq(body, []byte("\n")) {
			if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
				values = append(values, data)
			}
		}
	case strings.HasSuffix(mediaType, "json"):
		values = [][]byte{body}
	}
	schema, err := v.schema(pointer)
	if err != nil {
		return err
	}
	for _, text := range values {
		if len(text) == 0 {
			continue
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		if err := schema.Validate(value); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}

func (v *Validator) schema(pointer string) (*jsonschema.Schema, error) {
	v.lock.Lock()
	defer v.lock.Unlock()
	if known := v.compiled[pointer]; known != nil {
		return known, nil
	}
	compiled, err := v.compiler.Compile(resource + pointer)
	if err != nil {
		return nil, err
	}
	v.compiled[pointer] = compiled
	return compiled, nil
}
