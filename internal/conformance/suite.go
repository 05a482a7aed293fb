// Package conformance holds what the built-in schemes promise, sentence by sentence.
//
// Every case runs through the HTTP API of a running server, in an organization of its
// own, so that a case says what a product would see and cases can run side by side.
package conformance

import "slices"

// Suite is what one scheme promises, or what all of them do.
type Suite struct {
	// Name is the key of the scheme; "everywhere" for what holds under every one.
	Name  string
	Cases []Case
}

// Case is one promise with the way to see that it is kept.
type Case struct {
	// Name tells the promise in words, joined by underscores.
	Name string
	// Rule is the sentence that the case holds the product to.
	Rule string
	// Run asks the product, and fails where it does not keep the promise.
	Run func(*Product)

	// under is who is there already, and under which scheme.
	under cast
}

// cast is who is in the organization, and on what, when a case begins.
type cast struct {
	scheme string
	given  []o // the commands of the system that made it so
}

// o is an object, as bodies of requests are.
type o = map[string]any

// Suites lists every promise, scheme by scheme.
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

// everywhere is what holds under every scheme, shown by the one that shows it best.
func everywhere() []Case {
	return slices.Concat(settings(), effectiveAccess(), silence())
}

// under puts cases on a stage with its cast.
func under(c cast, cases ...Case) []Case {
	for i := range cases {
		cases[i].under = c
	}
	return cases
}
