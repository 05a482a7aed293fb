// Package api serves Roster over HTTP.
//
// Every request walks the same way: it is told apart by an id, its key and its
// actor are judged, it waits for the position that its sender has seen, and a
// route answers it. Routes that change something build a command of the domain
// and hand it to the desk; routes that read one thing read the desk's view, lists
// read the database.
package api
