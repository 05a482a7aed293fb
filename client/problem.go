package client

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
)

// Problem is the error of a request that the server refused or could not carry out, as
// RFC 9457 describes it. Code says which it is and stays the same in later versions;
// Detail is for people and may change.
type Problem struct {
	Code   string `json:"code"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Instance names the request in the server's log.
	Instance string `json:"instance"`
	// Items are what is wrong with single parts of the request.
	Items []ProblemItem `json:"errors"`
	// Invites is the report of a list of invites, of which none was sent.
	Invites []InvitedAddress `json:"invites"`
}

// ProblemItem is what is wrong with one part of a request.
type ProblemItem struct {
	// Index is the index of the command in a bulk, from 0; nil if the request was no
	// bulk.
	Index *int `json:"index"`
	// Line is that of the item in CSV, from 1; zero if the request was none.
	Line int `json:"line"`
	// About is the address, person or team that the part names, Location the field.
	About    string `json:"about"`
	Location string `json:"location"`
	Code     string `json:"code"`
	Detail   string `json:"detail"`
}

// Error returns the detail, and a line for each item where there are several.
func (p *Problem) Error() string {
	text := p.Detail
	if text == "" {
		text = fmt.Sprintf("the server answered %d %s", p.Status, p.Title)
	}
	if p.Status >= http.StatusInternalServerError && p.Instance != "" {
		text += fmt.Sprintf(" (request %s)", p.Instance)
	}
	if len(p.Items) < 2 {
		return text // the detail says the same
	}
	lines := []string{text}
	for _, item := range p.Items {
		if strings.Contains(text, fmt.Sprintf("In %q: %s", item.About, item.Detail)) {
			continue // the detail says it, as of an organization that does not let somebody go
		}
		where := item.Location
		switch {
		case item.About != "":
			where = item.About
		case item.Index != nil:
			where = fmt.Sprintf("item %d", *item.Index)
		}
		lines = append(lines, fmt.Sprintf("  %s: %s", where, item.Detail))
	}
	return strings.Join(lines, "\n")
}

// UnreachableError is the error of a request to which no answer came, or only a part of
// one. A command may have been carried out all the same.
type UnreachableError struct{ Err error }

func (e *UnreachableError) Error() string { return e.Err.Error() }

func (e *UnreachableError) Unwrap() error { return e.Err }

// problemOf reads a problem, or makes one of an answer that is none.
func problemOf(answer *http.Response) *Problem {
	defer answer.Body.Close()
	p := &Problem{}
	kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil || !strings.HasSuffix(kind, "json") || json.UnmarshalRead(answer.Body, p) != nil {
		p = &Problem{Title: http.StatusText(answer.StatusCode)}
	}
	p.Status = answer.StatusCode
	return p
}
