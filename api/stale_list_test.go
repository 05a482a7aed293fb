package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/api"
)

// TestListsShowWhatWasJustWritten has a client that carries no position from one request to
// the next.
func TestListsShowWhatWasJustWritten(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h = h.Configured(func(c *api.Config) { c.BriefWait = time.Minute }) // the machine may be busy
	ada, system := h.Server.As(t, "ada"), h.Server.As(t, "")
	for i := range 30 {
		id := fmt.Sprint("p", i)
		ada.May("POST "+org+"/projects", o{"id": id})
		ada.Sees(org+"/projects?limit=200").Item("id", id)
		system.May("POST "+org+"/members", o{"user": "u" + id})
		ada.Sees(org + "/members?search=u" + id).Count(1)
		ada.May("POST "+org+"/projects/"+id+"/members", o{"user": "u" + id})
		ada.Sees(org+"/projects/"+id+"/search?search=u"+id).Has("people.items.0.user", "u"+id)
		ada.Sees(org+"/events?limit=1").Has("items.0.type", "project_membership.added.v1")
		system.May("POST /v1/organizations", o{"id": id, "owner": "ada"})
		ada.Sees("/v1/organizations?limit=200").Item("id", id)
		role := []string{"admin", "write"}[i%2]
		ada.May("PATCH "+org+"/projects/"+id+"/members/u"+id, o{"role": role})
		h.Server.As(t, "u"+id).Sees("/v1/users/u"+id+"/notifications").Has("items.0.to", role)
	}
}

// TestListsWaitForTheirOrganizationAlone stops what writes the read models.
func TestListsWaitForTheirOrganizationAlone(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").Sees(org + "/members") // they have caught up
	h.StopProjecting()
	h.As("").May("POST /v1/organizations", o{"id": "busy", "owner": "ada"})
	quick := time.Hour // the shortest of several, since the machine may be busy
	for range 10 {
		quick = min(quick, timeOf(func() { h.As("ada").Sees(org + "/members") }))
	}
	h.As("ada").May("POST "+org+"/projects", o{"id": "new"})
	slow := timeOf(func() { h.As("ada").Sees(org + "/projects") })
	assert.Less(t, quick, slow, "a list waits for what happens to others")
	assert.GreaterOrEqual(t, slow, 240*time.Millisecond, "a list does not wait")
}

func timeOf(do func()) time.Duration {
	began := time.Now()
	do()
	return time.Since(began)
}

// TestETagOfListsHoldsWhereOthersChange wants the version of an organization that has not
// changed while another did.
func TestETagOfListsHoldsWhereOthersChange(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").Sees(org + "/members")
	h.StopProjecting()
	h.As("").May("POST /v1/organizations", o{"id": "busy", "owner": "ada"})
	assert.NotEmpty(t, h.As("ada").Sees(org+"/members").Header.Get("ETag"))
}
