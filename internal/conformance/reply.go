package conformance

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// reply is the answer to a request, or a part of it.
type reply struct {
	asked  string
	status int
	body   []byte
	value  any // the part that is looked at
}

// fail ends the case with the request, what was expected, and the answer.
func (r reply) fail(expected string) {
	body := string(r.body)
	if len(body) > 2000 {
		body = body[:2000] + " ..."
	}
	fail("%s\nexpected: %s\ncame: %d %s", r.asked, expected, r.status, body)
}

// at returns the value at a path of keys and indexes, such as "seats.free"; nil if
// there is none.
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

// text is at for a string. It fails if there is no string.
func (r reply) text(path string) string {
	text, ok := r.at(path).(string)
	if !ok || text == "" {
		r.fail("text at " + path)
	}
	return text
}

// has asserts the values at paths; nil means that there is none.
func (r reply) has(pairs ...any) reply {
	for pair := range slices.Chunk(pairs, 2) {
		path, _ := pair[0].(string)
		if got, want := r.at(path), decoded(pair[1]); !reflect.DeepEqual(got, want) {
			r.fail(path + " is " + formatted(want) + ", not " + formatted(got))
		}
	}
	return r
}

// says asserts that the text at a path contains words.
func (r reply) says(path string, words ...string) {
	text, _ := r.at(path).(string)
	for _, word := range words {
		if !strings.Contains(text, word) {
			r.fail(path + " says " + formatted(word))
		}
	}
}

// lists asserts that the items of a list have exactly these values under a key, in any
// order.
func (r reply) lists(key string, values ...string) reply {
	var got []string
	for _, item := range r.items() {
		value, _ := item.at(key).(string)
		got = append(got, value)
	}
	slices.Sort(got)
	if values = slices.Sorted(slices.Values(values)); !slices.Equal(got, values) {
		r.fail("a list of " + key + " " + formatted(values) + ", not " + formatted(got))
	}
	return r
}

// item returns the only item of a list that has a value under a key.
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

// listsAction reports whether the list at a path contains a word.
func (r reply) listsAction(path, word string) bool {
	words, _ := r.at(path).([]any)
	return slices.Contains(words, any(word))
}

// part returns the part of the reply at a path.
func (r reply) part(path string) reply {
	r.value = r.at(path)
	if r.value == nil {
		r.fail("something at " + path)
	}
	return r
}

// items returns the items of a list, or of a page of a list.
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
