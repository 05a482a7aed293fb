package client

// Event is one thing that happened.
type Event = Telling

// DryRun is what a command would do.
type DryRun = Forecast
