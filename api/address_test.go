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
	before := h.desk.View().Position
	for _, path := range []string{
		org + "/projects/../members/dan", org + "/projects/apollo/../../members/dan", org + "/projects/./members/dan",
		org + "//members/dan", org + "/members/dan/..", "//", "/./", org + "/members//",
	} {
		got := h.as("ada").do("DELETE "+path, nil).refused(http.StatusNotFound, "no_route")
		assert.Empty(t, got.header.Get("Location"), got.what)
	}
	for _, id := range []string{"%2e", "%2e%2e", "a%2Fb", "%2E%2E%2Fmembers", "%2e%2e%2f%2e%2e"} {
		h.as("ada").do("DELETE "+org+"/projects/"+id+"/members/dan", nil).refused(http.StatusNotFound, "no_project")
	}
	assert.Equal(t, before, h.desk.View().Position, "something was recorded")
	h.as("ada").do("GET "+org+"/members/dan", nil).ok()
	for _, id := range []string{".", ".."} {
		h.as("").do("POST "+org+"/members", o{"user": id}).refused(http.StatusUnprocessableEntity, "bad_id")
	}

	// What only looks dangerous is an id like any other.
	made := h.as("ada").do("POST "+org+"/projects", o{"id": "a/../b c"}).ok().header.Get("Location")
	h.as("ada").do("GET "+made, nil).ok().has("id", "a/../b c")
}
