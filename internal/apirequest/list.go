package apirequest

import (
	"fmt"
	"slices"
	"strings"
)

// Items returns the items of a list, or of a page of a list. It fails if the part is
// neither.
func (r Reply) Items() []Reply {
	r.t.Helper()
	list, ok := r.value.([]any)
	if !ok {
		if list, ok = r.At("items").([]any); !ok {
			r.fatal("a list")
		}
	}
	items := make([]Reply, len(list))
	for i, value := range list {
		items[i] = r
		items[i].value = value
	}
	return items
}

// Item returns the only one of the items that has a value under a key. It fails if there
// is none, or several.
func (r Reply) Item(key, value string) Reply {
	r.t.Helper()
	found := slices.DeleteFunc(r.Items(), func(item Reply) bool { return item.At(key) != value })
	if len(found) != 1 {
		r.fatal("one item whose " + key + " is " + value)
	}
	return found[0]
}

// Count asserts that there are n items.
func (r Reply) Count(n int) Reply {
	r.t.Helper()
	if items := r.Items(); len(items) != n {
		r.Fail(fmt.Sprintf("%d items, not %d", n, len(items)))
	}
	return r
}

// Lists asserts that the texts of a list, as Texts returns them, are these, in any order.
func (r Reply) Lists(path string, texts ...string) Reply {
	r.t.Helper()
	got := slices.Sorted(slices.Values(r.Texts(path)))
	if want := slices.Sorted(slices.Values(texts)); !slices.Equal(got, want) {
		r.Fail("a list of " + path + " " + Formatted(want) + ", not " + Formatted(got))
	}
	return r
}

// Texts returns the texts of a list. The path leads to the list, as "actions" does, or
// through a list to a text of each item, as "items.user" does; the text of an item that
// has none is empty. A list that an object leaves out is empty. Texts fails if the path
// leads to anything else.
func (r Reply) Texts(path string) []string {
	r.t.Helper()
	here, rest := r.value, strings.Split(path, ".")
	for len(rest) > 0 && here != nil {
		_, isList := here.([]any)
		if _, isIndex := index(rest[0]); isList && !isIndex {
			break // the rest leads from each item
		}
		here, rest = follow(here, rest[:1]), rest[1:]
	}
	list, ok := here.([]any)
	if !ok && (here != nil || len(rest) > 0) {
		r.fatal("a list of " + path)
	}
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i], _ = follow(item, rest).(string)
	}
	return texts
}
