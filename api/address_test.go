package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAddressesAreTakenAtTheirWord asks for ids that a path can misread: none of
// them leads to another command than the one that was sent.
func TestAddressesAreTakenAtTheirWord(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	before := h.Desk.View().Position
	for _, path := range []string{
		org + "/projects/../members/dan", org + "/projects/apollo/../../members/dan", org + "/projects/./members/dan",
		org + "//members/dan", org + "/members/dan/..", "//", "/./", org + "/members//",
	} {
		got := h.As("ada").Ask("DELETE "+path).Refused(http.StatusNotFound, "no_route")
		assert.Empty(t, got.Header.Get("Location"), got)
	}
	for _, id := range []string{"%2e", "%2e%2e", "a%2Fb", "%2E%2E%2Fmembers", "%2e%2e%2f%2e%2e"} {
		h.As("ada").Ask("DELETE "+org+"/projects/"+id+"/members/dan").Refused(http.StatusNotFound, "no_project")
	}
	assert.Equal(t, before, h.Desk.View().Position, "something was recorded")
	h.As("ada").Sees(org + "/members/dan")
	for _, id := range []string{".", ".."} {
		h.As("").Ask("POST "+org+"/members", o{"user": id}).Refused(http.StatusUnprocessableEntity, "bad_id")
	}

	// What only looks dangerous is an id like any other.
	made := h.As("ada").May("POST "+org+"/projects", o{"id": "a/../b c"}).Header.Get("Location")
	h.As("ada").Sees(made).Has("id", "a/../b c")
}
