package main

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
)

// problem is what a server says that refuses a request, see RFC 9457.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Instance names the request in the server's log.
	Instance string `json:"instance"`
	// Items are what is wrong with single parts of the request.
	Items []problemItem `json:"errors"`
}

// problemItem is what is wrong with one command of a bulk, by its index, or at
// one place of the request.
type problemItem struct {
	Index    *int   `json:"index"`
	About    string `json:"about"`
	Location string `json:"location"`
	Detail   string `json:"detail"`
}

func (p *problem) Error() string {
	text := p.Detail
	if text == "" {
		text = fmt.Sprintf("the server answered %d %s", p.Status, p.Title)
	}
	if p.Status >= http.StatusInternalServerError && p.Instance != "" {
		text += fmt.Sprintf(" (request %s)", p.Instance)
	}
	if len(p.Items) < 2 {
		return text // the detail has said it
	}
	lines := []string{text}
	for _, item := range p.Items {
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

// texts are what the server says in words.
func (p *problem) texts() []*string {
	texts := []*string{&p.Title, &p.Detail, &p.Instance}
	for i := range p.Items {
		texts = append(texts, &p.Items[i].About, &p.Items[i].Location, &p.Items[i].Detail)
	}
	return texts
}

// refusedItem returns the index of the first item of a bulk that was refused, and
// why.
func refusedItem(err error) (int, error, bool) {
	p, ok := errors.AsType[*problem](err)
	if !ok || len(p.Items) == 0 || p.Items[0].Index == nil {
		return 0, nil, false
	}
	return *p.Items[0].Index, errors.New(p.Items[0].Detail), true
}

// refusal reads a problem, or makes one of an answer that is none.
func refusal(answer *http.Response) *problem {
	defer answer.Body.Close()
	p := &problem{}
	kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil || !strings.HasSuffix(kind, "json") || json.UnmarshalRead(answer.Body, p) != nil {
		p = &problem{Title: http.StatusText(answer.StatusCode)}
	}
	if p.Status = answer.StatusCode; p.Status == http.StatusUnauthorized {
		p.Detail = "the server knows another key: show the one in the root.key of its data directory, with --key or ROSTER_KEY, or name that directory with --data"
	}
	for _, text := range p.texts() {
		*text = printable(*text)
	}
	return p
}
