package relay

import (
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// appendAccess appends the body of a message of access, as [json.Marshal] with sorted names writes it, in a third of the
// time. There may be 100,000 of them for one command.
func appendAccess(b []byte, m *feed.AccessMessage) []byte {
	b = appendText(append(b, `{"organization":`...), m.Organization)
	b = appendText(append(b, `,"user":`...), m.User)
	b = appendText(append(b, `,"project":`...), m.Project)
	b = appendLevel(b, `,"from":`, m.From)
	b = appendLevel(b, `,"to":`, m.To)
	b = append(b, `,"sources":[`...)
	for i := range m.Sources {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendSource(b, &m.Sources[i])
	}
	b = appendText(append(b, `],"cause":`...), m.Cause)
	return append(b, '}')
}

// appendLevel appends an access with its name, if there is one.
func appendLevel(b []byte, name string, l *feed.AccessLevel) []byte {
	if l == nil {
		return b
	}
	b = append(append(b, name...), `{"role":`...)
	b = append(appendText(b, l.Role), `,"levels":{`...)
	var memory [32]events.PermissionKey
	permissions := slices.AppendSeq(memory[:0], maps.Keys(l.Levels))
	slices.Sort(permissions)
	for i, permission := range permissions {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, permission), ':')
		b = appendText(b, l.Levels[permission])
	}
	return append(b, "}}"...)
}

func appendSource(b []byte, s *feed.AccessSource) []byte {
	b = appendText(append(b, `{"kind":`...), s.Kind)
	b = appendText(append(b, `,"role":`...), s.Role)
	if s.Team != "" {
		b = appendText(append(b, `,"team":`...), s.Team)
	}
	if s.Via != "" {
		b = appendText(append(b, `,"via":`...), s.Via)
	}
	b = appendTime(b, `,"from":"`, s.From)
	b = appendTime(b, `,"until":"`, s.Until)
	b = appendText(append(b, `,"event":`...), s.Event)
	return append(b, '}')
}

// appendTime appends a time with its name, if there is one.
func appendTime(b []byte, name string, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	return append(t.AppendFormat(append(b, name...), time.RFC3339Nano), '"')
}

// appendText appends a string of JSON.
func appendText[T ~string](b []byte, text T) []byte {
	b, _ = jsontext.AppendQuote(b, text) // the texts of events are valid UTF-8
	return b
}
