package projections

import (
	"cmp"
	"slices"
)

// nameKey orders the rows of a list by name. Rows of the same name are ordered by id.
type nameKey struct {
	sortName sortKey
	id       string
}

// cursor returns the key as the cursor of the page after its row.
func (k nameKey) cursor() string { return cursor([]byte(k.sortName), k.id) }

// nameKeyAfter returns the key of the last row of the page before; on the first page, one
// before every row.
func (p Page) nameKeyAfter() (k nameKey, err error) {
	var sortName []byte
	err = p.after(&sortName, &k.id)
	k.sortName = sortKey(sortName)
	return k, err
}

func (k nameKey) compare(other nameKey) int {
	return cmp.Or(cmp.Compare(k.sortName, other.sortName), cmp.Compare(k.id, other.id))
}

// byName is a row of a list by name.
type byName interface{ key() nameKey }

// readRows reads the rows after a key, at most limit of them. If it returns fewer, there are
// no more.
type readRows[R byName] func(after nameKey, limit int) ([]R, error)

// The sizes in which rows are read: a page of the usual size with one row more, the
// largest page with one row more, and two sizes to read on with where much was left out.
// A statement has its limit as a constant, so that its plan is for that limit.
var readSizes = []int{usualLimit + 1, maxLimit + 1, 5*maxLimit + 1, 20*maxLimit + 1}

// readSize returns the smallest size of at least some rows, or the largest size.
func readSize(rows int) int {
	for _, size := range readSizes {
		if size >= rows {
			return size
		}
	}
	return readSizes[len(readSizes)-1]
}

// fill reads rows until a page is full of those that keep accepts. Next is empty if keep
// accepts no further row.
func fill[R byName](p Page, keep func(R) bool, read readRows[R]) (List[R], error) {
	page := List[R]{Items: []R{}}
	after, err := p.nameKeyAfter()
	if err != nil {
		return page, err
	}
	for size := readSize(p.limit() + 1); ; size = readSize(size + 1) {
		rows, err := read(after, size)
		if err != nil {
			return page, err
		}
		page.Items = slices.Grow(page.Items, min(len(rows), p.limit()-len(page.Items)))
		for _, row := range rows {
			switch {
			case !keep(row):
			case len(page.Items) == p.limit():
				page.Next = page.Items[len(page.Items)-1].key().cursor()
				return page, nil
			default:
				page.Items = append(page.Items, row)
			}
		}
		if len(rows) < size {
			return page, nil
		}
		after = rows[len(rows)-1].key()
	}
}

// named is a row of a list of things whose names the state in memory knows.
type named[ID ~string] struct {
	id       ID
	sortName sortKey
}

func (n named[ID]) key() nameKey { return nameKey{n.sortName, string(n.id)} }

// ids returns a page of the ids alone.
func ids[ID ~string](page List[named[ID]], err error) (List[ID], error) {
	found := List[ID]{Items: make([]ID, len(page.Items)), Next: page.Next}
	for i, row := range page.Items {
		found.Items[i] = row.id
	}
	return found, err
}

// inMemory reads rows that are in memory already, in any order.
func inMemory[R byName](rows []R) readRows[R] {
	slices.SortFunc(rows, func(a, b R) int { return a.key().compare(b.key()) })
	return func(after nameKey, limit int) ([]R, error) {
		from, found := slices.BinarySearchFunc(rows, after, func(row R, k nameKey) int { return row.key().compare(k) })
		if found {
			from++
		}
		return rows[from:min(from+limit, len(rows))], nil
	}
}
