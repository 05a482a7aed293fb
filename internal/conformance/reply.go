package conformance

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// reply is what came back, or a part of it.
type reply struct {
	asked  string
	status int
	body   []byte
	value  any // the part that is looked at
}

// fail says what was asked, what was expected, and what came.
func (r reply) fail(expected string) {
	body := string(r.body)
	if len(body) > 2000 {
		body = body[:2000] + " ..."
	}
	fail("%s\nexpected: %s\ncame: %d %s", r.asked, expected, r.status, body)
}

// at follows keys and indexes, as in "seats.free"; what is not there is nil.
func (r reply) at(path string) any {
	found := r.value
	for key := range strings.SplitSeq(path, ".") {
		switch here := found.(type) {
		case o:
			found = here[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(here) {
				return nil
			}
			found = here[i]
		default:
			return nil
		}
	}
	return found
}

// text is at for what is text; what is not fails.
func (r reply) text(path string) string {
	text, ok := r.at(path).(string)
	if !ok || text == "" {
		r.fail("text at " + path)
	}
	return text
}

// has demands values at paths; nil is that there is none.
func (r reply) has(pairs ...any) reply {
	for pair := range slices.Chunk(pairs, 2) {
		path, _ := pair[0].(string)
		if got, want := r.at(path), plain(pair[1]); !reflect.DeepEqual(got, want) {
			r.fail(path + " is " + written(want) + ", not " + written(got))
		}
	}
	return r
}

// says demands words in the text at a path.
func (r reply) says(path string, words ...string) {
	text, _ := r.at(path).(string)
	for _, word := range words {
		if !strings.Contains(text, word) {
			r.fail(path + " says " + written(word))
		}
	}
}

// lists demands that the items of a list have these values under a key, in any order,
// and no others.
func (r reply) lists(key string, values ...string) reply {
	var got []string
	for _, item := range r.items() {
		value, _ := item.at(key).(string)
		got = append(got, value)
	}
	slices.Sort(got)
	if values = slices.Sorted(slices.Values(values)); !slices.Equal(got, values) {
		r.fail("a list of " + key + " " + written(values) + ", not " + written(got))
	}
	return r
}

// item returns the one item of a list that has a value under a key.
func (r reply) item(key, value string) reply {
	var found []reply
	for _, item := range r.items() {
		if item.at(key) == value {
			found = append(found, item)
		}
	}
	if len(found) != 1 {
		r.fail("one item whose " + key + " is " + value)
	}
	return found[0]
}

// offers tells whether a list of words has one.
func (r reply) offers(path, word string) bool {
	words, _ := r.at(path).([]any)
	return slices.Contains(words, any(word))
}

// part looks closer.
func (r reply) part(path string) reply {
	r.value = r.at(path)
	if r.value == nil {
		r.fail("something at " + path)
	}
	return r
}

// items are those of a list, or of a page of one.
func (r reply) items() []reply {
	list, ok := r.value.([]any)
	if !ok {
		if list, ok = r.at("items").([]any); !ok {
			r.fail("a list")
		}
	}
	items := make([]reply, len(list))
	for i, value := range list {
		items[i] = r
		items[i].value = value
	}
	return items
}

// plain writes a value as a decoder would.
func plain(value any) any {
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
