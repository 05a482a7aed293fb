package importer

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Membership is a team or a project, and the role there. An empty role takes the scheme's
// default, a zero From means at once, a zero Until never.
type Membership struct {
	ID, Role    string
	From, Until time.Time
}

// readMembership reads an id, or an id and a role behind the last =.
func readMembership(text string) (Membership, error) {
	m := Membership{ID: text}
	if i := strings.LastIndexByte(text, '='); i >= 0 {
		m.ID, m.Role = strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+1:])
	}
	if m.ID == "" {
		return m, fmt.Errorf("%q names no team or project: write an id, or an id and a role, as in apollo=editor", text)
	}
	return m, nil
}

// UnmarshalJSONFrom reads a text as CSV has it, or an object.
func (m *Membership) UnmarshalJSONFrom(in *jsontext.Decoder) (err error) {
	if in.PeekKind() == '"' {
		var text string
		if err := json.UnmarshalDecode(in, &text); err != nil {
			return err
		}
		*m, err = readMembership(strings.TrimSpace(text))
		return err
	}
	var object struct {
		ID      string `json:"id"`
		Team    string `json:"team"`
		Project string `json:"project"`
		Role    string `json:"role"`
		From    string `json:"from"`
		Until   string `json:"until"`
	}
	if err := json.UnmarshalDecode(in, &object, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	*m = Membership{ID: object.ID + object.Team + object.Project, Role: object.Role}
	if m.ID == "" {
		return errors.New("an object names its team or project: {\"project\": \"apollo\", \"role\": \"editor\"}")
	}
	if object.From != "" {
		if m.From, err = readTime(object.From); err != nil {
			return err
		}
	}
	if object.Until != "" {
		m.Until, err = readTime(object.Until)
	}
	return err
}
