package client

// Event is one thing that happened.
type Event = Telling
