package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/seed-2026d078/roster/events"
)

// RateLimits are how many requests are answered. They hold for requests on behalf of an actor;
// those of the system, whose key is the whole product, have none.
type RateLimits struct {
	// Actor limits those of one actor, Organization those of all members of one organization
	// about it.
	Actor, Organization Rates
}

// Rates are requests a second. Of each kind, so many as for five seconds may come at once.
// Zero means that there is no limit.
type Rates struct {
	Commands, Checks, Reads int
}

// rateWindow is for how many seconds the requests may come at once.
const rateWindow = 5

// of returns the rate of a kind of requests.
func (r Rates) of(kind requestKind) int {
	switch kind {
	case commandRequest:
		return r.Commands
	case checkRequest:
		return r.Checks
	case readRequest:
		return r.Reads
	}
	return 0
}

// requestKind is a kind of requests that has a limit of its own, by the name that the limit has
// in headers.
type requestKind string

const (
	commandRequest requestKind = "commands"
	checkRequest   requestKind = "checks"
	readRequest    requestKind = "reads"
)

func kindOf(r *http.Request) requestKind {
	switch {
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		return readRequest
	case r.URL.Path == checkPath:
		return checkRequest
	}
	return commandRequest
}

// bucketKey names the bucket of an actor or of an organization.
type bucketKey struct {
	kind  requestKind
	actor events.UserID
	org   events.OrganizationID
}

// maxBuckets is about how many buckets are kept. One that was not used since half as many others
// were is forgotten, and would be full by then or soon.
const maxBuckets = 1 << 15

// rateLimiter counts requests in token buckets.
type rateLimiter struct {
	limits RateLimits

	mu         sync.Mutex
	young, old map[bucketKey]*rate.Limiter
}

func newRateLimiter(limits RateLimits) *rateLimiter {
	return &rateLimiter{limits: limits, young: map[bucketKey]*rate.Limiter{}}
}

// bucket returns the bucket of a key, a full one if it is new.
func (l *rateLimiter) bucket(key bucketKey, perSecond int) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, known := l.young[key]; known {
		return b
	}
	b, known := l.old[key]
	if !known {
		b = rate.NewLimiter(rate.Limit(perSecond), perSecond*rateWindow)
	}
	if len(l.young) >= maxBuckets/2 {
		l.old, l.young = l.young, make(map[bucketKey]*rate.Limiter, maxBuckets/2)
	}
	l.young[key] = b
	return b
}

// takeActor takes a request of an actor, takeOrganization one of a member of an organization.
// Each says in a header what is left, and fails if nothing was.
func (l *rateLimiter) takeActor(header http.Header, kind requestKind, actor events.UserID) error {
	return l.take(header, "actor", bucketKey{kind: kind, actor: actor}, l.limits.Actor.of(kind))
}

func (l *rateLimiter) takeOrganization(header http.Header, kind requestKind, org events.OrganizationID) error {
	return l.take(header, "organization", bucketKey{kind: kind, org: org}, l.limits.Organization.of(kind))
}

func (l *rateLimiter) take(header http.Header, whose string, key bucketKey, perSecond int) error {
	if perSecond <= 0 {
		return nil
	}
	bucket, now := l.bucket(key, perSecond), time.Now()
	taken, quota := bucket.AllowN(now, 1), perSecond*rateWindow
	left := bucket.TokensAt(now)
	name := strconv.Quote(whose + "-" + string(key.kind))
	header.Add("RateLimit-Policy", fmt.Sprintf("%s;q=%d;w=%d", name, quota, rateWindow))
	header.Add("RateLimit", fmt.Sprintf("%s;r=%d;t=%d", name, max(0, int(left)), seconds((float64(quota)-left)/float64(perSecond))))
	if taken {
		return nil
	}
	return &limitError{
		errTooManyRequests.because("The %s has sent %d %s within %d seconds, as many as one may; go on more slowly.", whose, quota, key.kind, rateWindow),
		max(1, seconds((1-left)/float64(perSecond))),
	}
}

// seconds rounds up to whole seconds.
func seconds(of float64) int { return int(math.Ceil(of)) }
