package main

import (
	"errors"
	"strconv"

	"github.com/seed-2026d078/roster/api"
)

// limitFlags say how much of the server its actors and organizations may take.
type limitFlags struct {
	MaxStreams             int `default:"${streams}" env:"ROSTER_MAX_STREAMS" placeholder:"N" help:"Event streams that may be open at a time; a tenth of them is for the system alone. By default ${streams}."`
	MaxOrganizationStreams int `default:"${organization_streams}" env:"ROSTER_MAX_ORGANIZATION_STREAMS" placeholder:"N" help:"Event streams of one organization that may be open; by default ${organization_streams}."`
	MaxActorStreams        int `default:"${actor_streams}" env:"ROSTER_MAX_ACTOR_STREAMS" placeholder:"N" help:"Event streams of one actor that may be open; by default ${actor_streams}. The system has no such limit."`

	RateLimits           bool `default:"true" negatable:"" env:"ROSTER_RATE_LIMITS" help:"Limit the requests of actors as the flags below say, and let organizations rest after costly ones while others ask. Requests of the system are not limited."`
	ActorCommands        int  `default:"1000" env:"ROSTER_ACTOR_COMMANDS" placeholder:"N" help:"Commands a second of one actor, those of bulks included; five times as many may come at once. By default 1,000; 0: no limit."`
	ActorChecks          int  `default:"5000" env:"ROSTER_ACTOR_CHECKS" placeholder:"N" help:"Questions about access a second of one actor; by default 5,000."`
	ActorReads           int  `default:"2000" env:"ROSTER_ACTOR_READS" placeholder:"N" help:"Lists and other reads a second of one actor; by default 2,000."`
	OrganizationCommands int  `default:"3000" env:"ROSTER_ORGANIZATION_COMMANDS" placeholder:"N" help:"Commands a second of all members of one organization in it; by default 3,000."`
	OrganizationChecks   int  `default:"15000" env:"ROSTER_ORGANIZATION_CHECKS" placeholder:"N" help:"Questions about access a second of all members of one organization about it; by default 15,000."`
	OrganizationReads    int  `default:"6000" env:"ROSTER_ORGANIZATION_READS" placeholder:"N" help:"Lists and other reads a second of all members of one organization in it; by default 6,000."`

	CreateOrganizations   string `default:"everybody" enum:"everybody,system" env:"ROSTER_CREATE_ORGANIZATIONS" placeholder:"WHO" help:"Who may create organizations: everybody, the default, or system."`
	MaxActorOrganizations int    `default:"1000" env:"ROSTER_MAX_ACTOR_ORGANIZATIONS" placeholder:"N" help:"Organizations that there may be of those that one actor has created; by default 1,000; 0: no limit. The system has none."`
}

// limitDefaults are the defaults of [limitFlags], each behind what stands for it there.
func limitDefaults() []string {
	streams := api.DefaultStreamLimits()
	return []string{
		"${streams}", strconv.Itoa(streams.Process),
		"${organization_streams}", strconv.Itoa(streams.Organization),
		"${actor_streams}", strconv.Itoa(streams.Actor),
	}
}

// Validate fails for limits that allow nothing.
func (f *limitFlags) Validate() error {
	if min(f.MaxStreams, f.MaxOrganizationStreams, f.MaxActorStreams) < 1 {
		return errors.New("a limit of streams is 1 or more")
	}
	if min(f.ActorCommands, f.ActorChecks, f.ActorReads, f.OrganizationCommands, f.OrganizationChecks, f.OrganizationReads, f.MaxActorOrganizations) < 0 {
		return errors.New("a limit of requests or organizations is 0, for none, or more")
	}
	return nil
}

func (f *limitFlags) streams() api.StreamLimits {
	return api.StreamLimits{Process: f.MaxStreams, Organization: f.MaxOrganizationStreams, Actor: f.MaxActorStreams}
}

func (f *limitFlags) rates() api.RateLimits {
	if !f.RateLimits {
		return api.RateLimits{}
	}
	return api.RateLimits{
		Actor:        api.Rates{Commands: f.ActorCommands, Checks: f.ActorChecks, Reads: f.ActorReads},
		Organization: api.Rates{Commands: f.OrganizationCommands, Checks: f.OrganizationChecks, Reads: f.OrganizationReads},
	}
}

func (f *limitFlags) organizations() api.OrganizationLimits {
	return api.OrganizationLimits{SystemOnly: f.CreateOrganizations == "system", PerActor: f.MaxActorOrganizations}
}
