// Package domain holds the rules of membership.
//
// A command decides: [Command.Decide] reads an [Organization] and returns the
// events that follow or a [*Rejection]. [Organization.Evolve] applies events and
// never judges. Both are pure; time and actor come in with the [events.Moment].
// Each command stands with its rule in a file of its own. What somebody may do
// on a project is defined once, in access.go; who may give which command stands
// in the organization's [Scheme] and is judged in authority.go.
package domain
