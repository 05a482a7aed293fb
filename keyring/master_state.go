package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// masterState says in the bucket which master key wraps its keys. The zero masterState is that of a bucket whose keys are
// not wrapped.
type masterState struct {
	// ID is the id of the master key by which new keys are wrapped.
	ID string `json:"id"`
	// Rewriting says that not everything is written again yet.
	Rewriting bool `json:"rewriting,omitzero"`
	// Replaces is the id of the master key that wraps what is not written again yet, which is the same one in [Keyring.Rewrite]; empty if nothing does.
	Replaces string `json:"replaces,omitzero"`
	// Cut is the sequence up to which everything is written again, then purged; zero until that is known.
	Cut uint64 `json:"cut,omitzero"`
}

// stateName is the name under which the bucket stores its masterState.
const stateName = "master"

// parseState reads what is stored under stateName; nothing is the zero masterState.
func parseState(stored []byte) (state masterState, err error) {
	if stored == nil {
		return state, nil
	}
	if err := json.Unmarshal(stored, &state); err != nil || state.ID == "" {
		return masterState{}, fmt.Errorf("the name of the master key is damaged: %w", ErrNoKeys)
	}
	return state, nil
}

// replacing reports whether some keys are not wrapped by the master key yet.
func (s masterState) replacing() bool { return s.Rewriting && s.Replaces != s.ID }

// check fails with a [*MasterKeyError] unless the master key is the one that wraps all keys that are wrapped.
func (s masterState) check(key MasterKey) error {
	if s.ID != "" && (s.replacing() && s.Replaces != "" || s.ID != key.id) {
		return s.mismatch(key)
	}
	return nil
}

// mismatch says that a master key is not the one that wraps all keys.
func (s masterState) mismatch(given MasterKey) *MasterKeyError {
	e := &MasterKeyError{WrappedBy: s.ID, Given: given.id}
	if s.replacing() {
		e.Replaces = s.Replaces
	}
	return e
}

// state returns which master key wraps the keys, and the revision of that.
func (b bucket) state(ctx context.Context) (masterState, uint64, error) {
	found, err := b.Get(ctx, stateName)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return masterState{}, 0, nil
	}
	if err != nil {
		return masterState{}, 0, unavailable(err)
	}
	state, err := parseState(found.Value())
	return state, found.Revision(), err
}

// errOtherState says that another process has changed the state meanwhile.
var errOtherState = errors.New("the master key was changed by another process: try again")

// setState replaces the state of a revision, zero if there is none, and returns the new revision. It fails with
// errOtherState if that is not the present one.
func (b bucket) setState(ctx context.Context, state masterState, revision uint64) (uint64, error) {
	text, err := json.Marshal(state)
	if err != nil {
		return 0, err
	}
	if revision == 0 {
		revision, err = b.Create(ctx, stateName, text)
	} else {
		revision, err = b.Update(ctx, stateName, text, revision)
	}
	if replaced(err) {
		return 0, errOtherState
	}
	return revision, unavailable(err)
}

// replaced reports whether a write failed because the entry is not as it was read.
func replaced(err error) bool {
	return errors.Is(err, jetstream.ErrKeyExists) || errors.Is(err, jetstream.ErrKeyRevisionMismatch)
}

// WrappedBy returns the id of the master key that wraps the keys of a server; empty if an earlier version stored them, which
// did not wrap them. It fails with [ErrNoKeys] if there is no bucket.
func WrappedBy(ctx context.Context, nc *nats.Conn) (string, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return "", err
	}
	keys, err := findBucket(ctx, js)
	if err != nil {
		return "", fmt.Errorf("find the master key: %w", err)
	}
	state, _, err := keys.state(ctx)
	if err != nil || state.ID != "" {
		return state.ID, err
	}
	// The entry may be lost: the secret of the bucket names its master key, too.
	stored, err := keys.find(ctx, secretName)
	if errors.Is(err, errAbsent) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	_, err = MasterKey{}.unwrap(secretName, stored)
	if wrapped, is := errors.AsType[*MasterKeyError](err); is {
		return wrapped.WrappedBy, nil
	}
	return "", nil // it is damaged, or not wrapped
}
