package api

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/projections"
)

// paced yields what all yields, until the walk ends early.
func paced[K, V any](p asOf, all iter.Seq2[K, V]) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for key, value := range all {
			if !p.walk.proceed() || !yield(key, value) {
				return
			}
		}
	}
}

// ordered is an item of a list of the past.
type ordered[I any] struct {
	item I
	name []byte // its collation key
	id   string
}

func inOrder[I any](item I, name, id string) ordered[I] {
	return ordered[I]{item, collation.Key(name), id}
}

// pageOf returns a page of items in the order of their names, then ids. The cursor says how
// many were before, since the past stays as it is. It fails if the walk ended early.
func pageOf[I any](w *walk, items []ordered[I], p Paging) (projections.List[I], error) {
	begin, err := 0, w.err
	if err != nil {
		return projections.List[I]{}, err
	}
	if p.After != "" {
		begin, err = strconv.Atoi(p.After)
	}
	if err != nil || begin < 0 || begin > len(items) {
		return projections.List[I]{}, errBadCursor
	}
	slices.SortFunc(items, func(a, b ordered[I]) int {
		return cmp.Or(bytes.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	end := min(begin+p.Limit, len(items))
	var page projections.List[I]
	for _, i := range items[begin:end] {
		page.Items = append(page.Items, i.item)
	}
	if end < len(items) {
		page.Next = strconv.Itoa(end)
	}
	return page, nil
}

// pageOfPast answers with a page of items of the past as rows.
func pageOfPast[I, R any](p asOf, items []ordered[I], paging Paging, row func(I) R) (*answer[List[R]], error) {
	page, err := pageOf(p.walk, items, paging)
	if err != nil {
		return nil, err
	}
	return fromMemory(p.now, p.position, rowsOf(page, row)), nil
}

// nobody is found whatever they were called.
func nobody(events.UserID) bool { return false }

// pastPeople returns those of some members whom a search finds, or who are found whatever they
// were called. Their names are those of that time, unless the people were forgotten since.
func (s *Server) pastPeople(ctx context.Context, of asOf, users []events.UserID, search string, found func(events.UserID) bool) ([]ordered[projections.Person], error) {
	words := collation.Words(search)
	var people []ordered[projections.Person]
	for _, user := range users {
		if !of.walk.proceed() {
			break
		}
		p, err := s.pastPerson(ctx, of, user)
		if err != nil {
			return nil, err
		}
		if matches(words, p.Name, p.Login, p.Email, p.ExternalID, string(user)) || found(user) {
			people = append(people, inOrder(p, cmp.Or(collation.Normalize(p.Name), p.Login), string(user)))
		}
	}
	return people, nil
}

// pastPerson returns what a member was called, unless they were forgotten since.
func (s *Server) pastPerson(ctx context.Context, of asOf, user events.UserID) (projections.Person, error) {
	member, _ := of.then.Member(user)
	p, err := s.readProfile(ctx, of.then.ID(), member.PersonalData)
	if _, erased := of.now.Erased(user); erased {
		p.Name = domain.ErasedName
	}
	return projections.Person{
		User: user, Login: cmp.Or(p.Login, string(user)), Name: p.Name, Email: p.Email, Avatar: p.Avatar, ExternalID: p.ExternalID,
	}, err
}

// matches reports whether texts have all words of a search.
func matches(words []string, texts ...string) bool {
	if len(words) == 0 {
		return true
	}
	var all []byte
	for _, text := range texts {
		all = append(append(all, text...), '\n')
	}
	return collation.ContainsAll(collation.Fold(string(all)), words)
}
