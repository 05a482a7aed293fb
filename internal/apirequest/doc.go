// Package apirequest makes requests to the API as somebody would, and asserts what comes
// back. The tests of the API use it, and so do the cases of package conformance, which are
// a part of the program; it therefore does not depend on package testing.
//
// A [Server] says where requests go. An [Actor] makes them as a user:
//
//	ada := server.As(t, "ada")
//	ada.May("POST /v1/organizations", map[string]any{"id": "acme"})
//	ada.Sees("/v1/organizations/acme").Has("role", "owner", "archived", false)
//	server.As(t, "zoe").SeesNo("/v1/organizations/acme", "no_organization")
//
// The [Reply] to a request asserts the rest. Its methods return it again, so that
// assertions can follow each other:
//
//	members := ada.Sees("/v1/organizations/acme/members").Count(2).Lists("items.user", "ada", "bob")
//	members.Item("user", "bob").Has("role", "member").Lists("actions", "remove_member")
//	ada.Ask("DELETE /v1/organizations/acme/members/ada").Refused(http.StatusConflict, "last_holder")
//
// A failure tells the request, what was expected, and the answer. It goes to a [T], which
// is a test, a benchmark, or anything else that ends at a failure.
package apirequest
