// Package api serves Roster over HTTP.
//
// Every request takes the same steps: it gets an id, its key and its actor are checked,
// it waits until the position that the client has seen is reached, and a route answers it. Routes of commands build a command of the domain and give it to the desk;
// routes that read one thing read the desk's view; lists read the database.
//
// A file holds the commands, the rows and the lists of one noun. What nouns share lies
// below them, such as the people and teams of a project in project_people.go. Nouns do not call
// each other, but for one request that adds people and teams to a project.
package api
