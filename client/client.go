package client

import (
	"net/http"
	"strings"
	"sync/atomic"
)

// Client is a client of one server. It is safe for concurrent use; copying it is not.
type Client struct {
	// BaseURL is the server's address without a slash at the end, such as
	// http://127.0.0.1:8080.
	BaseURL string
	// Key is sent with every request.
	Key string

	defaults []Option
	// position is the newest one that an answer carried.
	position atomic.Uint64
}

// New returns a client of the server at an address. It sends the key with every request. The
// options apply to every request; those of a call override them.
func New(baseURL, key string, opts ...Option) *Client {
	return &Client{BaseURL: strings.TrimRight(baseURL, "/"), Key: key, defaults: opts}
}

// Position returns the newest position of the ledger that an answer carried; zero
// before the first answer. Later answers are at least as new.
func (c *Client) Position() uint64 { return c.position.Load() }

// learn remembers a position, unless a newer one is known.
func (c *Client) learn(position uint64) {
	for {
		known := c.position.Load()
		if position <= known || c.position.CompareAndSwap(known, position) {
			return
		}
	}
}

func (c *Client) settings(opts []Option) settings {
	s := settings{http: http.DefaultClient, attempts: 5}
	for _, set := range [][]Option{c.defaults, opts} {
		for _, o := range set {
			o(&s)
		}
	}
	return s
}
