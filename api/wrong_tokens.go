package api

import (
	"net"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

const (
	// wrongTokens is how many wrong tokens of invites may come from one client at once, and after them one in so long.
	wrongTokens     = 10
	wrongTokenEvery = 6 * time.Second
	// productTokens is how many times as many may come from a product that does not say whose they are.
	productTokens = 20
	// triers is how many clients are remembered, the newest: their limiters take about a megabyte.
	triers = 1 << 12
)

// tokenTries slows down clients that send wrong tokens of invites. Right ones cost nothing.
type tokenTries struct {
	mu      sync.Mutex
	clients *lru.Cache[string, *rate.Limiter]
	// limited counts the tries that were refused.
	limited prometheus.Counter
}

func newTokenTries(limited prometheus.Counter) *tokenTries {
	clients, err := lru.New[string, *rate.Limiter](triers)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return &tokenTries{clients: clients, limited: limited}
}

// of returns the limiter of a client that has sent a request, or for which it was sent.
func (t *tokenTries) of(sender, client string) *rate.Limiter {
	key, many := "for "+client, 1
	if client == "" {
		key, many = "from "+sender, productTokens
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	limiter, known := t.clients.Get(key)
	if !known {
		limiter = rate.NewLimiter(rate.Every(wrongTokenEvery/time.Duration(many)), many*wrongTokens)
		t.clients.Add(key, limiter)
	}
	return limiter
}

// inviteBy finds the invite that a token opens, or opened. Client is whose try it is; empty: that of whoever sent the request. It fails with
// [domain.ErrNoInvite], or with errWrongTokens if the client has sent too many wrong ones: then a right one is not looked at either.
func (t *tokenTries) inviteBy(state domain.Roster, q *request, token, client string) (domain.InviteOf, error) {
	limiter := t.of(q.remote, client)
	if limiter.Tokens() < 1 {
		t.limited.Inc()
		return domain.InviteOf{}, &limitError{errWrongTokens, int(wrongTokenEvery / time.Second)}
	}
	found, is := state.InviteBy(events.Sum([]byte(token)))
	if !is {
		limiter.Allow()
		return found, domain.ErrNoInvite
	}
	return found, nil
}

// hostOf returns the address of a client without its port.
func hostOf(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return host
}
