package events

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// ErrUnreadable says that a sealed text cannot be read though nobody was forgotten: its key is
// missing or damaged, or the text was altered.
var ErrUnreadable = errors.New("a sealed text cannot be read")

// Sealed is personal data that only the holder of its person's key can read:
// the key's id, a dot, and what AES-256-GCM made of the text, in base64url.
// Deleting the key forgets the text everywhere while history keeps its shape.
// The zero value is no data.
type Sealed string

// clearPrefix marks a text that was never sealed. No key has an id with a colon.
const clearPrefix = "clear:"

// ClearText is a text about a person as events had it before such texts were sealed.
type ClearText string

// InClear returns a text that a ledger holds unsealed, in the form of sealed ones, so that
// readers treat both alike. No event is written with it: old ones have such texts in fields
// of type ClearText. The empty text stays empty.
func InClear(text ClearText) Sealed {
	if text == "" {
		return ""
	}
	return Sealed(clearPrefix + text)
}

// Clear returns the text that was given to [InClear], and whether it was.
func (s Sealed) Clear() (string, bool) { return strings.CutPrefix(string(s), clearPrefix) }

// SealedTexts returns what is sealed in an event, and whom it is about.
func SealedTexts(e Event) (Subject, []Sealed) {
	switch e := e.(type) { //nolint:gochecksumtype // no others have such texts, which a test finds out
	case MemberJoined:
		return e.Member.subject(), sealed(e.Metadata, e.Login, e.Name, e.Email, e.Avatar, e.ExternalID)
	case ProfileChanged:
		return e.Member.subject(), sealed(e.Metadata, e.Login, e.Name, e.Email, e.Avatar, e.ExternalID)
	case MemberInvited:
		return e.Invite.subject(), sealed(nil, e.Email, e.Message)
	case InviteResent:
		return e.Invite.subject(), sealed(nil, e.Message)
	case InviteChanged:
		return e.Invite.subject(), sealed(nil, e.Message)
	case AccessRequested:
		return e.Member.subject(), sealed(nil, e.Reason, e.Login, e.Name, e.Email)
	case AccessDenied:
		return e.Member.subject(), sealed(nil, e.Reason)
	}
	return Subject{}, nil
}

// sealed returns the texts that are not empty.
func sealed(entries Metadata, texts ...Sealed) []Sealed {
	texts = slices.AppendSeq(texts, maps.Values(entries))
	return slices.DeleteFunc(texts, func(s Sealed) bool { return s == "" })
}

// AddressHash is the keyed hash (HMAC-SHA-256, base64url) of an email address:
// equal for equal addresses of one organization, telling nothing else.
type AddressHash string

// ExternalIDHash is the same for the id that another system has for a person.
type ExternalIDHash string

// MetadataKey stands for the key of an entry of somebody's metadata: a keyed hash, equal
// for equal keys of one person, telling nothing else.
type MetadataKey string

// Metadata are the entries that other systems keep about a person. Each is sealed with
// its key.
type Metadata map[MetadataKey]Sealed

// Nonce is a random text from which the secret of an invite or of a public link is
// derived. Those who may not know the secret must not get the nonce.
type Nonce string
