package apirequest

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

// Reply is the answer to a request, or a part of it.
//
// A path leads to a value in the part by keys of objects and indexes of lists, such as
// "items.0.user".
type Reply struct {
	// Status, Header and Body are those of the whole answer.
	Status int
	Header http.Header
	Body   string

	t     T
	asked string
	sent  []byte
	value any // the part that paths begin at
}

// shown is how many bytes of a body a message shows.
const shown = 2000

// String tells the request and the answer.
func (r Reply) String() string { return r.asking() + "\ncame: " + r.coming() }

func (r Reply) asking() string {
	if len(r.sent) == 0 {
		return r.asked
	}
	return r.asked + " " + shortened(string(r.sent))
}

func (r Reply) coming() string { return fmt.Sprintf("%d %s", r.Status, shortened(r.Body)) }

func shortened(text string) string {
	if len(text) > shown {
		return text[:shown] + " ..."
	}
	return text
}

// Fail reports a failure with the request, what was expected, and the answer.
func (r Reply) Fail(expected string) {
	r.t.Helper()
	r.t.Errorf("%s\nexpected: %s\ncame: %s", r.asking(), expected, r.coming())
}

// fatal is Fail for what leaves nothing to go on with.
func (r Reply) fatal(expected string) {
	r.t.Helper()
	r.t.Fatalf("%s\nexpected: %s\ncame: %s", r.asking(), expected, r.coming())
}

// OK asserts that the request succeeded: that its status is below 300.
func (r Reply) OK() Reply {
	r.t.Helper()
	if r.Status >= http.StatusMultipleChoices {
		r.fatal("it succeeds")
	}
	return r
}

// Refused asserts that the request was refused with a status and a code, and that the
// answer is a whole problem: its media type, its type, the status in it, a detail, and
// the id of the request.
func (r Reply) Refused(status int, code string) Reply {
	r.t.Helper()
	if r.Status != status {
		r.fatal(fmt.Sprintf("it is refused as %d %s", status, code))
	}
	return r.refused(code)
}

// refused is Refused for whichever status the code has.
func (r Reply) refused(code string) Reply {
	r.t.Helper()
	detail, _ := r.At("detail").(string)
	instance, _ := r.At("instance").(string)
	switch {
	case r.Status < http.StatusBadRequest || r.At("code") != code:
		r.fatal("it is refused as " + code)
	case r.Header.Get("Content-Type") != "application/problem+json":
		r.fatal("a problem, not " + r.Header.Get("Content-Type"))
	case r.At("status") != float64(r.Status):
		r.fatal("a problem that has the status of the answer")
	case r.At("type") != "/problems/"+code:
		r.fatal("a problem of the type /problems/" + code)
	case detail == "" || instance == "":
		r.fatal("a problem with a detail and an instance")
	}
	return r
}

// Position returns the position that the reply holds for. It fails if there is none, as in
// the answers of routes that need no key.
func (r Reply) Position() events.Position {
	r.t.Helper()
	position, err := r.position()
	if err != nil {
		r.fatal("a position, not " + err.Error())
	}
	return position
}

func (r Reply) position() (events.Position, error) {
	position, err := strconv.ParseUint(r.Header.Get("Roster-Position"), 10, 64)
	return events.Position(position), err
}

// At returns the value at a path; nil if there is none.
func (r Reply) At(path string) any { return follow(r.value, strings.Split(path, ".")) }

// follow returns the value that keys and indexes lead to.
func follow(value any, path []string) any {
	for _, key := range path {
		switch here := value.(type) {
		case map[string]any:
			value = here[key]
		case []any:
			i, is := index(key)
			if !is || i >= len(here) {
				return nil
			}
			value = here[i]
		default:
			return nil
		}
	}
	return value
}

// index returns the number that a key is, if it is one.
func index(key string) (int, bool) {
	i, err := strconv.Atoi(key)
	return i, err == nil && i >= 0
}

// Text is At for a string. It fails if there is none, or an empty one.
func (r Reply) Text(path string) string {
	r.t.Helper()
	text, _ := r.At(path).(string)
	if text == "" {
		r.fatal("text at " + path)
	}
	return text
}

// Part returns the part of the reply at a path. It fails if there is none.
func (r Reply) Part(path string) Reply {
	r.t.Helper()
	value := r.At(path)
	if value == nil {
		r.fatal("something at " + path)
	}
	r.value = value
	return r
}

// Has asserts the values at paths, given in turn; nil means that there is none.
func (r Reply) Has(pairs ...any) Reply {
	r.t.Helper()
	for pair := range slices.Chunk(pairs, 2) {
		path, _ := pair[0].(string)
		if got, want := r.At(path), decoded(pair[1]); !reflect.DeepEqual(got, want) {
			r.Fail(path + " is " + Formatted(want) + ", not " + Formatted(got))
		}
	}
	return r
}

// decoded returns a value as a JSON decoder would return it.
func decoded(value any) any {
	switch value := value.(type) {
	case int:
		return float64(value)
	case []string:
		list := make([]any, len(value))
		for i, text := range value {
			list[i] = text
		}
		return list
	}
	return value
}

// Says asserts that the text at a path contains words.
func (r Reply) Says(path string, words ...string) Reply {
	r.t.Helper()
	text, _ := r.At(path).(string)
	for _, word := range words {
		if !strings.Contains(text, word) {
			r.Fail(path + " says " + Formatted(word))
		}
	}
	return r
}

// Formatted returns a value as messages show it.
func Formatted(value any) string {
	text, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
