package api_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestEveryIDCanBeReached creates what has an unusual id, and then looks at it, changes it and
// ends it, at the address that the answer names.
func TestEveryIDCanBeReached(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, id := range []string{"/", "a/b", "/a", "a/", "//", "%2F", "%", "a b", "?", "#", ";", "...", "ä", "access:check", "+", `\`, "a\"b"} {
		escaped := url.PathEscape(id)
		made := h.As("ada").May("POST "+org+"/projects", o{"id": id, "name": "P"})
		assert.Equal(t, org+"/projects/"+escaped, made.Header.Get("Location"))
		h.As("ada").Sees(made.Header.Get("Location")).Has("id", id)
		h.As("ada").May("PATCH "+org+"/projects/"+escaped, o{"name": "Q"}).Has("changed", true)
		h.As("").May("POST "+org+"/members", o{"user": id})
		h.As("ada").May("POST "+org+"/projects/"+escaped+"/members", o{"user": id, "role": "read"})
		h.As("ada").Sees(org+"/projects/"+escaped+"/access/"+escaped).Has("role", "read", "user", id, "project", id)
		h.As("ada").May("DELETE "+org+"/projects/"+escaped+"/members/"+escaped).Has("changed", true)
		h.As("ada").May("POST "+org+"/teams", o{"id": id, "name": id})
		h.As("ada").Sees(org+"/teams/"+escaped).Has("id", id)
		h.As("ada").May("DELETE "+org+"/teams/"+escaped).Has("changed", true)
		h.As("ada").May("DELETE "+org+"/projects/"+escaped).Has("changed", true)
		h.As("ada").SeesNo(org+"/projects/"+escaped, "no_project")
	}
	for _, id := range []string{".", ".."} {
		h.As("ada").Ask("POST "+org+"/projects", o{"id": id, "name": "P"}).Refused(http.StatusUnprocessableEntity, "bad_id")
	}
}

// TestWhatIsNotSeenIsRefused tries characters without width, and those of direction, in
// everything by which something or somebody is told from others.
func TestWhatIsNotSeenIsRefused(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, hidden := range []string{"a\u200bb", "a\u2060b", "\u202eab", "a\u00adb", "a\ufeffb", "a\u2028b", "a\u200fb"} {
		for what, body := range map[string]o{
			"/projects": {"id": hidden, "name": "P"}, "/teams": {"id": hidden, "name": "T"}, "/members": {"user": hidden},
			"/invites": {"id": hidden, "email": "x@example.org"},
		} {
			h.As("").Ask("POST "+org+what, body).Refused(http.StatusUnprocessableEntity, "bad_id")
		}
		for what, body := range map[string]o{
			"/invites": {"email": "x@example.org", "message": "Hello\n" + hidden}, "/access-requests": {"user": "kim", "reason": hidden},
			"/access-requests/elevations": {"user": "kim", "role": "admin", "reason": hidden}, "/access-requests/r/deny": {"reason": hidden},
		} {
			h.As("").Ask("POST "+org+what, body).Refused(http.StatusBadRequest, "malformed")
		}
		h.As("").Ask("POST "+org+"/members", o{"user": "kim", "external_id": hidden}).Refused(http.StatusUnprocessableEntity, "bad_id")
		for what, body := range map[string]o{
			"/projects": {"id": "p", "name": hidden}, "/teams": {"id": "t", "name": hidden}, "/members": {"user": "kim", "name": hidden},
		} {
			h.As("").Ask("POST "+org+what, body).Refused(http.StatusUnprocessableEntity, "bad_name")
		}
		for what, body := range map[string]o{
			"/members": {"user": "kim", "email": hidden + "@example.org"}, "/invites": {"email": "kim@" + hidden + ".example"},
		} {
			h.As("").Ask("POST "+org+what, body).Refused(http.StatusUnprocessableEntity, "bad_email")
		}
	}
	for _, joined := range []string{"می\u200cخواهم", "👩\u200d💻"} {
		h.As("ada").Ask("POST "+org+"/projects", o{"id": joined, "name": "P"}).Refused(http.StatusUnprocessableEntity, "bad_id")
		h.As("ada").May("POST "+org+"/projects", o{"name": joined})
	}
}

func TestInternationalAddressesHaveOneForm(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("").May("POST "+org+"/members", o{"user": "kim", "email": "kim@xn--bcher-kva.example"})
	h.As("").Sees(org+"/members/kim").Has("email", "kim@bücher.example")
	for _, same := range []string{"kim@bücher.example", "kim@BÜCHER.example", "kim@XN--BCHER-KVA.example", "kim@bu\u0308cher.example", "kim@bücher。example"} {
		h.As("ada").Ask("POST "+org+"/invites", o{"email": same}).Refused(http.StatusConflict, "address_taken")
	}
	h.As("ada").Ask("POST "+org+"/invites", o{"email": "kim@xn--a.example"}).Refused(http.StatusUnprocessableEntity, "bad_email")
	h.As("").May("POST "+org+"/members", o{"user": "lee", "email": "Lee@Example.ORG"})
	h.As("").Sees(org+"/members/lee").Has("email", "Lee@Example.ORG")
}

func TestBodiesAreUTF8(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, content := range []string{"application/json", "application/json; charset=utf-8", `application/json;charset="UTF-8"`, "application/x-www-form-urlencoded; charset=UTF-8"} {
		h.As("ada").With("Content-Type", content).May("POST "+org+"/projects", o{"name": "P"})
		h.As("ada").With("Content-Type", content).May("POST /v1/access:check", o{"questions": []o{}})
	}
	for _, content := range []string{"application/json; charset=iso-8859-1", "application/json; charset=UTF-16", "application/x-www-form-urlencoded; charset=latin1"} {
		for _, key := range []string{"", "k"} {
			h.As("ada").With("Content-Type", content).With("Idempotency-Key", key).Ask("POST "+org+"/projects", o{"name": "P"}).Refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
		}
		h.As("ada").With("Content-Type", content).Ask("POST /v1/access:check", o{"questions": []o{}}).Refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	}
}

// TestNoEndIsTheZeroTime tries it wherever a command takes an end.
func TestNoEndIsTheZeroTime(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, zero := range []string{"0001-01-01T00:00:00Z", "0001-01-01", "0001-01-01T00:00:00.0000001Z", "0001-01-01T02:00:00+02:00"} {
		for path, body := range map[string]o{
			"/members": {"user": "kim"}, "/invites": {"email": "kim@example.org"},
			"/projects/apollo/members": {"user": "bob", "role": "read"}, "/projects/gemini/teams": {"team": "core", "role": "read"},
		} {
			body["until"] = zero
			h.As("").Ask("POST "+org+path, body).Refused(http.StatusBadRequest, "malformed")
		}
		for _, end := range []string{"/members/dan/end", "/projects/apollo/members/dan/end", "/projects/apollo/teams/core/end"} {
			h.As("").Ask("PATCH "+org+end, o{"until": zero}).Refused(http.StatusBadRequest, "malformed")
		}
		h.As("").Ask("POST "+org+"/commands", o{"commands": []o{{"type": "change_member_end", "user": "dan", "until": zero}}}).Refused(http.StatusBadRequest, "malformed")
	}
}
