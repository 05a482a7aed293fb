package api

import (
	"context"
	"errors"
	"net"
	"slices"
	"time"

	"golang.org/x/net/idna"

	"github.com/seed-2026d078/roster/events"
)

// challengeLabel is the label below a domain at which the record is that proves whose it is.
const challengeLabel = "_roster-challenge."

// lookupTimeout is how long the DNS may take to answer.
const lookupTimeout = 5 * time.Second

// maxLookups is how often one command asks the DNS, as a bulk may.
const maxLookups = 10

// emailChallenge is the TXT record that proves that a domain is an organization's.
type emailChallenge struct {
	Name  string `json:"name" doc:"Of the TXT record." example:"_roster-challenge.example.org"`
	Value string `json:"value" doc:"One of its texts." example:"roster_oq3Vb0SgWXJZ4mN1yK7c2uT9rEfLhPdA6iQxB8wCzDM"`
}

// challengeOf returns the record that proves that a domain is an organization's. Others have other values.
func (b *commandBuilder) challengeOf(name events.EmailDomain) (emailChallenge, error) {
	ascii, err := idna.Lookup.ToASCII(string(name))
	if err != nil {
		return emailChallenge{}, errBadEmail.because("%q is no domain.", name)
	}
	return emailChallenge{challengeLabel + ascii, b.keys.Token(b.org, events.Subject{Kind: events.EmailDomainSubject, ID: string(name)}, "")}, nil
}

// proven reports whether the DNS has the record that proves that a domain is the organization's.
func (b *commandBuilder) proven(ctx context.Context, name events.EmailDomain) (bool, error) {
	challenge, err := b.challengeOf(name)
	if err != nil {
		return false, err
	}
	if b.lookups++; b.lookups > maxLookups {
		return false, errMalformed.because("A bulk looks for at most %d domains in the DNS; send several.", maxLookups)
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	found, err := b.resolver.LookupTXT(ctx, challenge.Name+".")
	if failed, is := errors.AsType[*net.DNSError](err); is && failed.IsNotFound {
		return false, nil
	}
	if err != nil {
		return false, errNoDNS.because("The DNS does not answer for %s; try again later.", challenge.Name)
	}
	return slices.Contains(found, challenge.Value), nil
}
