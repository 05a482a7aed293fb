package subscriber

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
)

// issuerKey is the key of the bucket under which the seed is that signs the JWTs of subscribers.
const issuerKey = "issuer"

// JWT returns the first half of the subscriber's .creds file: a user JWT with its name and public key. Clients send it. It
// gives no right: NATS lets a subscriber in who holds the seed of the key that the registry has.
func (r *Registry) JWT(ctx context.Context, s Subscriber) (string, error) {
	issuer, err := r.issuer(ctx)
	if err != nil {
		return "", err
	}
	claims := jwt.NewUserClaims(s.PublicKey)
	claims.Name = s.Name
	text, err := claims.Encode(issuer)
	if err != nil {
		return "", fmt.Errorf("sign the JWT of %s: %w", s.Name, err)
	}
	return text, nil
}

// issuer returns the key that signs, which it makes once.
func (r *Registry) issuer(ctx context.Context) (nkeys.KeyPair, error) {
	found, err := r.kv.Get(ctx, issuerKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		made, makeErr := nkeys.CreateAccount()
		if makeErr != nil {
			return nil, makeErr
		}
		seed, makeErr := made.Seed()
		if makeErr != nil {
			return nil, makeErr
		}
		_, err = r.kv.Create(ctx, issuerKey, seed)
		if err == nil {
			return made, nil
		}
		if errors.Is(err, jetstream.ErrKeyExists) {
			found, err = r.kv.Get(ctx, issuerKey)
		}
	}
	if err != nil {
		return nil, unavailable(err)
	}
	return nkeys.FromSeed(found.Value())
}

// NewKey returns a key pair for a subscriber: its seed, and its public key.
func NewKey() (seed, public string, err error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return "", "", err
	}
	secret, err := pair.Seed()
	if err != nil {
		return "", "", err
	}
	public, err = pair.PublicKey()
	return string(secret), public, err
}

// Credentials returns a .creds file, which every client of NATS reads.
func Credentials(userJWT, seed string) (string, error) {
	text, err := jwt.FormatUserConfig(userJWT, []byte(seed))
	return string(text), err
}
