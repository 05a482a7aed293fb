// Package feed is for other services that want to know what happens in Roster: the stream EVENTS, its
// messages, and what a subscriber says to Roster.
//
// The stream has a message for each event, in the form of CloudEvents 1.0 (binary mode: attributes
// in headers, the payload in the body), on the subject roster.events.<organization>.<type>. Behind
// the events of a command it has one for each person and project whose effective access the command
// changed: access.granted.v1, access.changed.v1 or access.revoked.v1. A heartbeat every second, on
// roster.heartbeat, tells quiet from stuck.
package feed
