package natsserver

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nkeys"

	"github.com/seed-2026d078/roster/internal/subscribername"
)

// Subscriber is somebody whose connections may use some services of the server, and nothing else. It has an
// account of its own: no subject that it names, as a reply or in a message, is one of Roster's account, and it hears nothing that
// is said there but the answers to its requests.
type Subscriber struct {
	// Name has lower-case letters, digits and underscores, begins with a letter, and has 32 characters at most.
	Name string
	// Key is the public user nkey (U...) whose seed the subscriber holds.
	Key string
	// Services are what it may use.
	Services []Service
}

// Service is what the server's own account exports to subscribers.
type Service struct {
	// Pattern is what is exported. Two services with the same pattern are both streamed, or neither is.
	Pattern string
	// Streamed says that a request may have more than one answer.
	Streamed bool
	// Subjects are those of the pattern that the subscriber imports. Subjects of acknowledgements are in the first
	// form ($JS.ACK.<stream>.<consumer>...); their second form is added.
	Subjects []string
}

// Bounds of what a subscriber can take of the server. Each connection can make the server hold
// up to 64 MiB that it does not read; then, or after 10 seconds, it is closed.
const (
	maxConnections   = 64      // of one subscriber
	maxSubscriptions = 1000    // of one connection
	maxMessage       = 1 << 20 // bytes that a subscriber can send at once
)

// nowhere is a subject on which nobody answers. Accounts of subscribers import it as the JetStream API's INFO. Without
// that, a server gives each account without JetStream an import of the whole API, which answers beside Roster's account that
// JetStream is not enabled.
const nowhere = "roster.nowhere"

// validate returns the subscribers that can be let in. It fails if there are others: those whose name or key cannot be one,
// or is that of one before.
func validate(subscribers []Subscriber) (sound []Subscriber, err error) {
	names, keys := map[string]bool{}, map[string]bool{}
	for _, s := range subscribers {
		invalid := subscribername.Check(s.Name)
		switch {
		case invalid != nil:
			err = errors.Join(err, invalid)
		case !nkeys.IsValidPublicUserKey(s.Key):
			err = errors.Join(err, fmt.Errorf("the key of the subscriber %s is no public user nkey", s.Name))
		case names[s.Name] || keys[s.Key]:
			err = errors.Join(err, fmt.Errorf("the subscriber %s has its name or key in common with another one", s.Name))
		default:
			sound = append(sound, s)
		}
		names[s.Name], keys[s.Key] = true, true
	}
	return sound, err
}

// accountName returns the name of a subscriber's account.
func accountName(subscriber string) string { return "subscriber_" + subscriber }

// withSecondAcks returns services with the second form of acknowledgements beside the first. A server
// reads both, and uses the second where its feature js_ack_fc_v2 is on:
//
//	$JS.ACK.<stream>.<consumer>.<five numbers>
//	$JS.ACK.<domain>.<hash of the account>.<stream>.<consumer>.<five numbers, and maybe more>
func withSecondAcks(services []Service, account, domain string) []Service {
	if domain == "" {
		domain = "_"
	}
	const first = "$JS.ACK."
	second := func(subject string) string {
		return first + domain + "." + accountHash(account) + "." + strings.TrimSuffix(strings.TrimPrefix(subject, first), "*") + ">"
	}
	var all []Service
	for _, s := range services {
		all = append(all, s)
		if !strings.HasPrefix(s.Pattern, first) {
			continue
		}
		also := Service{Pattern: second(s.Pattern), Streamed: s.Streamed}
		for _, subject := range s.Subjects {
			also.Subjects = append(also.Subjects, second(subject))
		}
		all = append(all, also)
	}
	return all
}

// accountHash returns what stands for an account in the second form of acknowledgements.
func accountHash(account string) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	sum := sha256.Sum256([]byte(account))
	hash := make([]byte, 8)
	for i := range hash {
		hash[i] = digits[int(sum[i])%len(digits)]
	}
	return string(hash)
}

// subjects returns everything that a subscriber may send on.
func subjects(services []Service) (all []string) {
	for _, s := range services {
		all = append(all, s.Subjects...)
	}
	return all
}
