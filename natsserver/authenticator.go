package natsserver

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"
)

// authenticator decides who may connect. It implements [server.Authentication].
//
// Whoever knows the token has all rights. A subscriber proves that it holds the seed of its key: it signs what the server
// sent it, which differs for each connection.
type authenticator struct {
	token     string
	tokenOnly bool

	// verifying is held while a signature is compared with keys.
	verifying sync.Mutex

	mu          sync.Mutex
	subscribers []Subscriber
	told        bool           // whether the subscribers are known
	nats        *server.Server // the one that runs now
	ready       bool           // whether it can have accounts
	// users are those of that server, by the subscriber's key; nil until it is ready and the subscribers are known. The
	// map is never changed, but replaced.
	users map[string]*server.User
}

// Check implements [server.Authentication].
func (a *authenticator) Check(c server.ClientAuthentication) bool {
	options := c.GetOpts()
	if options.Sig == "" {
		// A connection has the server's own account unless another one is registered for it.
		return subtle.ConstantTimeCompare([]byte(options.Token), []byte(a.token)) == 1
	}
	if a.tokenOnly {
		return false
	}
	a.mu.Lock()
	users := a.users
	if users == nil {
		// Clients give up if they are refused twice. They come back if the connection ends without a word.
		a.disconnect(c.GetID())
	}
	a.mu.Unlock()
	user := a.userOf(users, options, c.GetNonce())
	if user == nil || c.Kind() != server.CLIENT {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.has(user) { // it was taken away meanwhile
		return false
	}
	full := user.Account.MaxTotalConnectionsReached()
	c.RegisterUser(user) // tells the client if it is one connection too many
	return !full
}

// has reports whether a user may connect now.
func (a *authenticator) has(user *server.User) bool {
	for _, u := range a.users {
		if u == user {
			return true
		}
	}
	return false
}

// userOf returns the one of the users whose seed a client holds; nil if there is none. A client with a key says which it is. One with a .creds
// file sends a JWT instead, which the server drops unless it is given operators that sign accounts; then the signature
// is compared with every key; at once with that of the subscriber whose name the connection has.
func (a *authenticator) userOf(users map[string]*server.User, options *server.ClientOpts, nonce []byte) *server.User {
	signature, err := decodeSignature(options.Sig)
	if err != nil || len(nonce) == 0 {
		return nil
	}
	a.verifying.Lock() // so strangers who try keep one processor busy at most, and hold nothing else up
	defer a.verifying.Unlock()
	for key, user := range users {
		if (options.Nkey == key || options.Name == user.Username) && signed(nonce, signature, key) {
			return user
		}
	}
	if options.Nkey != "" {
		return nil
	}
	for key, user := range users {
		if signed(nonce, signature, key) {
			return user
		}
	}
	return nil
}

// decodeSignature reads a signature. Clients write it in either alphabet of base64: Go's in that for URLs, JavaScript's
// in the standard one.
func decodeSignature(text string) ([]byte, error) {
	text = strings.TrimRight(text, "=")
	if signature, err := base64.RawURLEncoding.DecodeString(text); err == nil {
		return signature, nil
	}
	return base64.RawStdEncoding.DecodeString(text)
}

// signed reports whether somebody who holds the seed of a public key has signed a nonce.
func signed(nonce, signature []byte, key string) bool {
	public, err := nkeys.FromPublicKey(key)
	return err == nil && public.Verify(nonce, signature) == nil
}

// goOnWith keeps subscribers waiting until a new server is ready.
func (a *authenticator) goOnWith(nats *server.Server) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.nats, a.ready, a.users = nats, false, nil
}

// begin lets subscribers in, once they are known. The server has started.
func (a *authenticator) begin() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ready = true
	return a.admit()
}

// set lets these subscribers in, and no others. It ends the connections of those that are no longer
// among them, or have another key. One that cannot be let in keeps no others out, and the error names it.
func (a *authenticator) set(subscribers []Subscriber) error {
	sound, err := validate(subscribers)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told, a.subscribers = true, sound
	return errors.Join(err, a.admit())
}

// admit makes the subscribers users of the server.
func (a *authenticator) admit() error {
	if !a.ready || !a.told {
		return nil
	}
	before, now := a.users, make(map[string]*server.User, len(a.subscribers))
	var errs error
	for _, s := range a.subscribers {
		user := before[s.Key]
		if user == nil || user.Username != s.Name {
			var err error
			if user, err = a.user(s); err != nil {
				errs = errors.Join(errs, fmt.Errorf("let the subscriber %s in: %w", s.Name, err))
				continue
			}
		}
		now[s.Key] = user
	}
	a.users = now
	for key, user := range before {
		if now[key] != user {
			errs = errors.Join(errs, a.cut(user.Account))
		}
	}
	return errs
}

// user returns a user that can use a subscriber's services.
func (a *authenticator) user(s Subscriber) (*server.User, error) {
	services := withSecondAcks(s.Services, server.DEFAULT_GLOBAL_ACCOUNT, "")
	account, isNew := a.nats.LookupOrRegisterAccount(accountName(s.Name))
	if isNew {
		if err := a.connect(account, services); err != nil {
			return nil, err
		}
	}
	return &server.User{
		Username: s.Name,
		Account:  account,
		Permissions: &server.Permissions{
			Publish: &server.SubjectPermission{Allow: subjects(services)},
		},
	}, nil
}

// connect bounds an account and gives it services of the server's own account.
func (a *authenticator) connect(account *server.Account, services []Service) error {
	own := a.nats.GlobalAccount()
	export := func(subject string, kind server.ServiceRespType) error {
		if err := own.AddServiceExportWithResponse(subject, kind, nil); err != nil {
			return fmt.Errorf("export %s: %w", subject, err)
		}
		return nil
	}
	if err := export(nowhere, server.Singleton); err != nil {
		return err
	}
	claims := jwt.NewAccountClaims(account.Name) // the one exported way to bound an account
	claims.Limits.Conn, claims.Limits.Subs, claims.Limits.Payload = maxConnections, maxSubscriptions, maxMessage
	claims.Imports.Add(&jwt.Import{Account: own.Name, Subject: nowhere, LocalSubject: server.JSApiAccountInfo, Type: jwt.Service})
	a.nats.UpdateAccountClaims(account, claims)
	for _, s := range services {
		kind := server.Singleton
		if s.Streamed {
			kind = server.Streamed
		}
		if err := export(s.Pattern, kind); err != nil {
			return err
		}
		for _, subject := range s.Subjects {
			if err := account.AddServiceImport(own, subject, subject); err != nil {
				return fmt.Errorf("import %s: %w", subject, err)
			}
		}
	}
	return nil
}

// cut ends the connections of an account.
func (a *authenticator) cut(account *server.Account) error {
	open, err := a.nats.Connz(&server.ConnzOptions{Account: account.Name, Limit: 2 * maxConnections})
	if err != nil {
		return fmt.Errorf("list the connections of %s: %w", account.Name, err)
	}
	for _, c := range open.Conns {
		a.disconnect(c.Cid)
	}
	return nil
}

// disconnect ends a connection, if it has not ended by itself.
func (a *authenticator) disconnect(id uint64) { _ = a.nats.DisconnectClientByID(id) }
