// Package conformance tests a running server against every sentence that the built-in
// schemes promise.
//
// Every case uses the HTTP API in an organization of its own. A case therefore shows
// what a product sees, and cases can run side by side:
//
//	results := conformance.Run(ctx, server, conformance.Suites(), report)
//
// docs/schemes.md is written from the cases; a test holds that it is up to date.
package conformance

import "slices"

// Suite holds the promises of one scheme, or those that every scheme keeps.
type Suite struct {
	// Name is the key of the scheme, or "everywhere" for all schemes.
	Name  string
	Cases []Case
}

// Case is one promise, with a test of it.
type Case struct {
	// Name says the promise in words, joined by underscores.
	Name string
	// Rule is the sentence that the case tests.
	Rule string
	// Run tests the product, and fails if it does not keep the promise.
	Run func(*Product)

	// under is the state before the case runs.
	under fixture
}

// fixture is the state of the organization before a case runs.
type fixture struct {
	scheme string
	given  []o // commands that the system gives to reach this state
}

// o is a JSON object, such as the body of a request.
type o = map[string]any

// Suites returns every promise, by scheme.
func Suites() []Suite {
	return []Suite{
		{"campaign", campaign()},
		{"data-model", dataModel()},
		{"owner-member", ownerMember()},
		{"scoped", scoped()},
		{"agency", agency()},
		{"github", github()},
		{"everywhere", everywhere()},
	}
}

// everywhere returns the promises of every scheme. Each is tested under one scheme that
// shows it well.
func everywhere() []Case {
	return slices.Concat(settings(), effectiveAccess(), starts(), invitations(), requests(), elevation(), seatRules(), leaving(), profiles(), names(), histories(), declaredState(), answers(), unstatedRules())
}

// under gives cases their fixture.
func under(f fixture, cases ...Case) []Case {
	for i := range cases {
		cases[i].under = f
	}
	return cases
}
