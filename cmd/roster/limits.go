package main

import (
	"errors"
	"strconv"

	"github.com/alecthomas/kong"

	"github.com/seed-2026d078/roster/api"
)

// limitFlags say how much of the server its actors and organizations may take.
type limitFlags struct {
	MaxStreams             int `default:"${streams}" env:"ROSTER_MAX_STREAMS" placeholder:"N" help:"Event streams that may be open at a time; a tenth of them is for the system alone. By default ${streams}."`
	MaxOrganizationStreams int `default:"${organization_streams}" env:"ROSTER_MAX_ORGANIZATION_STREAMS" placeholder:"N" help:"Event streams of one organization that may be open; by default ${organization_streams}."`
	MaxActorStreams        int `default:"${actor_streams}" env:"ROSTER_MAX_ACTOR_STREAMS" placeholder:"N" help:"Event streams of one actor that may be open; by default ${actor_streams}. The system has no such limit."`
}

// limitDefaults are the variables of the help and the defaults of [limitFlags].
func limitDefaults() kong.Vars {
	streams := api.DefaultStreamLimits()
	return kong.Vars{
		"streams":              strconv.Itoa(streams.Process),
		"organization_streams": strconv.Itoa(streams.Organization),
		"actor_streams":        strconv.Itoa(streams.Actor),
	}
}

// Validate fails for limits that allow nothing.
func (f *limitFlags) Validate() error {
	if min(f.MaxStreams, f.MaxOrganizationStreams, f.MaxActorStreams) < 1 {
		return errors.New("a limit of streams is 1 or more")
	}
	return nil
}

func (f *limitFlags) streams() api.StreamLimits {
	return api.StreamLimits{Process: f.MaxStreams, Organization: f.MaxOrganizationStreams, Actor: f.MaxActorStreams}
}
