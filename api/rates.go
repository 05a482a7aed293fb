package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/seed-2026d078/roster/events"
)

// RateLimits are how much is answered, in tokens: see [weightOf]. They hold for requests of actors;
// those of the system, whose key is the whole product, have none.
type RateLimits struct {
	// Actor limits those of one actor, Organization those of all members of one organization
	// about it.
	Actor, Organization Rates
}

// Rates are commands, questions to check access, and other requests a second. Of each kind, so
// many as for five seconds may come at once. Zero means that there is no limit.
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

// The tokens that a request takes besides its first.
const (
	// bodyOfToken is the bytes of a body for each of which there is another one.
	bodyOfToken = 4 << 10
	// unknownBody is what a body weighs that does not say how large it is.
	unknownBody = maxPlainBody / bodyOfToken
	// rowsOfToken is the number of rows for which a list takes another one.
	rowsOfToken = 10
	// maxRows is the most that a list has; see [Paging].
	maxRows = 200
	// walkTokens are for what walks over an organization, or reads its past: reports, dry runs,
	// declarations, and whatever is asked with a time.
	walkTokens = 50
)

// weightOf returns how many tokens a request takes before anything is done for it: it pays for
// them also if it is refused. Questions and commands beyond the first are counted once they
// are read.
func weightOf(r *http.Request) int {
	weight := 1 + int(r.ContentLength/bodyOfToken)
	if r.ContentLength < 0 {
		weight = 1 + unknownBody
	}
	if r.URL.RawQuery != "" {
		q := r.URL.Query()
		if rows, err := strconv.Atoi(q.Get("limit")); err == nil && rows > 0 {
			weight += min(rows, maxRows) / rowsOfToken
		}
		if dry, _ := strconv.ParseBool(q.Get("dry_run")); dry || q.Has("at") {
			weight += walkTokens
		}
	}
	if org, named := organizationIn(r.URL.Path); named {
		if part, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v1/organizations/"+string(org)+"/"), "/"); part == "reports" || part == "config" {
			weight += walkTokens
		}
	}
	return weight
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

// maxPause is the longest time that a request waits for a token, or until it is refused. So a
// client that does not wait by itself costs little.
const maxPause = 250 * time.Millisecond

// maxPausing is how many requests wait at a bucket; the others are refused at once.
const maxPausing = 64

// bucket holds tokens. It may owe some: what a request weighs is taken as soon as there is one.
type bucket struct {
	*rate.Limiter

	pausing atomic.Int32
}

// rateLimiter counts requests in token buckets.
type rateLimiter struct {
	limits RateLimits

	mu         sync.Mutex
	young, old map[bucketKey]*bucket
}

func newRateLimiter(limits RateLimits) *rateLimiter {
	return &rateLimiter{limits: limits, young: map[bucketKey]*bucket{}}
}

// bucket returns the bucket of a key, a full one if it is new.
func (l *rateLimiter) bucket(key bucketKey, perSecond int) *bucket {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, known := l.young[key]; known {
		return b
	}
	b, known := l.old[key]
	if !known {
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(perSecond), perSecond*rateWindow)}
	}
	if len(l.young) >= maxBuckets/2 {
		l.old, l.young = l.young, make(map[bucketKey]*bucket, maxBuckets/2)
	}
	l.young[key] = b
	return b
}

// takeActor takes the weight of a request of an actor. If there is no token, it waits for one for
// a moment. It says in a header what is left, and fails if nothing was.
func (l *rateLimiter) takeActor(ctx context.Context, header http.Header, kind requestKind, actor events.UserID, weight int) error {
	q := quota{l, "actor", bucketKey{kind: kind, actor: actor}, l.limits.Actor.of(kind)}
	if q.perSecond == 0 {
		return nil
	}
	b := q.bucket()
	if b.TokensAt(time.Now()) < 1 {
		b.pause(ctx)
	}
	return q.take(header, b, weight)
}

// takeOrganization does the same for a request of a member of an organization, and does not wait.
func (l *rateLimiter) takeOrganization(header http.Header, kind requestKind, org events.OrganizationID, weight int) error {
	q := quota{l, "organization", bucketKey{kind: kind, org: org}, l.limits.Organization.of(kind)}
	if q.perSecond == 0 {
		return nil
	}
	return q.take(header, q.bucket(), weight)
}

// addActor takes what a request of an actor weighs more than was known before, and addOrganization
// that of one of a member of an organization. They may then owe some.
func (l *rateLimiter) addActor(header http.Header, kind requestKind, actor events.UserID, weight int) {
	quota{l, "actor", bucketKey{kind: kind, actor: actor}, l.limits.Actor.of(kind)}.add(header, weight)
}

func (l *rateLimiter) addOrganization(header http.Header, kind requestKind, org events.OrganizationID, weight int) {
	quota{l, "organization", bucketKey{kind: kind, org: org}, l.limits.Organization.of(kind)}.add(header, weight)
}

// pause waits until there is a token, at most for maxPause.
func (b *bucket) pause(ctx context.Context) {
	defer b.pausing.Add(-1)
	if b.pausing.Add(1) > maxPausing {
		return
	}
	missing := time.Duration((1 - b.TokensAt(time.Now())) / float64(b.Limit()) * float64(time.Second))
	select {
	case <-time.After(min(missing, maxPause)):
	case <-ctx.Done():
	}
}

// quota is the bucket of somebody, whose tokens come at a rate.
type quota struct {
	of        *rateLimiter
	whose     string
	key       bucketKey
	perSecond int
}

func (q quota) bucket() *bucket { return q.of.bucket(q.key, q.perSecond) }

// size is how many tokens the bucket holds.
func (q quota) size() int { return q.perSecond * rateWindow }

// take takes the weight of a request, and fails if there is no token. The bucket may then owe
// some, but never more than it holds: what weighs more is possible, too.
func (q quota) take(header http.Header, b *bucket, weight int) error {
	now := time.Now()
	taken := b.AllowN(now, 1)
	if taken {
		b.ReserveN(now, min(weight-1, q.size()))
	}
	left := b.TokensAt(now)
	policy, tokens := q.describe(left)
	header.Add("RateLimit-Policy", policy)
	header.Add("RateLimit", tokens)
	if taken {
		return nil
	}
	return &limitError{
		errTooManyRequests.because("The %s has sent more %s than %d within %d seconds, as many as one may; go on more slowly.", q.whose, q.key.kind, q.size(), rateWindow),
		max(1, seconds((1-left)/float64(q.perSecond))),
	}
}

// add takes more, whether or not it is there, and says in the header what is left now.
func (q quota) add(header http.Header, weight int) {
	if q.perSecond == 0 || weight <= 0 {
		return
	}
	b, now := q.bucket(), time.Now()
	b.ReserveN(now, min(weight, q.size()))
	_, tokens := q.describe(b.TokensAt(now))
	said := header.Values("RateLimit")
	for i := range said {
		if strings.HasPrefix(said[i], q.name()) {
			said[i] = tokens
		}
	}
}

// name is that of the limit in headers.
func (q quota) name() string { return strconv.Quote(q.whose + "-" + string(q.key.kind)) }

// describe returns the items of the headers, where so many tokens are left.
func (q quota) describe(left float64) (policy, tokens string) {
	size, until := q.size(), seconds((float64(q.size())-left)/float64(q.perSecond))
	return fmt.Sprintf("%s;q=%d;w=%d", q.name(), size, rateWindow), fmt.Sprintf("%s;r=%d;t=%d", q.name(), max(0, int(left)), until)
}

// seconds rounds up to whole seconds.
func seconds(of float64) int { return int(math.Ceil(of)) }
