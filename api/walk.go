package api

import "github.com/danielgtaylor/huma/v2"

// openAnswers lets answers have fields that the document does not know, so that a later
// version may add some. What is also sent in requests stays closed: there, a field that
// is not known is refused.
func openAnswers(oapi *huma.OpenAPI) {
	w := walker{oapi.Components.Schemas, map[*huma.Schema]bool{}}
	for _, item := range oapi.Paths {
		for _, op := range operations(item) {
			if op.RequestBody != nil {
				w.content(op.RequestBody.Content)
			}
		}
	}
	sent := w.seen
	w.seen = map[*huma.Schema]bool{}
	for _, item := range oapi.Paths {
		for _, op := range operations(item) {
			for _, response := range op.Responses {
				w.content(response.Content)
			}
		}
	}
	for _, s := range w.schemas.Map() {
		w.schema(s)
	}
	for s := range w.seen {
		if !sent[s] && s.AdditionalProperties == false {
			s.AdditionalProperties = nil
		}
	}
}

// walker finds every schema that others are made of.
type walker struct {
	schemas huma.Registry
	seen    map[*huma.Schema]bool
}

func (w walker) content(content map[string]*huma.MediaType) {
	for _, media := range content {
		w.schema(media.Schema)
	}
}

func (w walker) schema(s *huma.Schema) {
	if s == nil || w.seen[s] {
		return
	}
	w.seen[s] = true
	if s.Ref != "" {
		w.schema(w.schemas.SchemaFromRef(s.Ref))
	}
	w.schema(s.Items)
	if every, ok := s.AdditionalProperties.(*huma.Schema); ok {
		w.schema(every)
	}
	for _, p := range s.Properties {
		w.schema(p)
	}
	for _, part := range s.OneOf {
		w.schema(part)
	}
	for _, part := range s.AllOf {
		w.schema(part)
	}
}
