package bus_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

func keyring(t testing.TB, nc *nats.Conn) *bus.Keyring {
	t.Helper()
	k, err := bus.OpenKeyring(t.Context(), nc, 1)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestWhatIsSealedOpens(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	k, other := keyring(t, nc), keyring(t, nc)
	rapid.Check(t, func(rt *rapid.T) {
		person, text := rapid.String().Draw(rt, "person"), rapid.String().Draw(rt, "text")
		sealed, err := k.Seal(t.Context(), "acme", person, text)
		if err != nil {
			rt.Fatal(err)
		}
		if len(text) > 3 && strings.Contains(string(sealed), text) {
			rt.Errorf("%q shows in %q", text, sealed)
		}
		for _, k := range []*bus.Keyring{k, other} {
			if got, err := k.Open(t.Context(), "acme", sealed); err != nil || got != text {
				rt.Errorf("got %q, %v; want %q", got, err, text)
			}
		}
	})
}

func TestWhatIsSealedBelongsToItsOrganization(t *testing.T) {
	t.Parallel()
	k := keyring(t, bustest.New(t))
	sealed, err := k.Seal(t.Context(), "acme", "ada", "Ada Lovelace")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Open(t.Context(), "globex", sealed); err == nil {
		t.Error("another organization reads it")
	}
	altered := []byte(sealed)
	altered[len(altered)-2] ^= 1
	if _, err := k.Open(t.Context(), "acme", events.Sealed(altered)); err == nil {
		t.Error("an altered text opens")
	}
	for _, nonsense := range []events.Sealed{"x", "x.y", "...", sealed + "!"} {
		if _, err := k.Open(t.Context(), "acme", nonsense); err == nil {
			t.Errorf("%q opens", nonsense)
		}
	}
}

func TestForgettingIsForGood(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	k := keyring(t, nc)
	ada, err := k.Seal(t.Context(), "acme", "ada", "Ada Lovelace")
	if err != nil {
		t.Fatal(err)
	}
	bob, err := k.Seal(t.Context(), "acme", "bob", "Bob")
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Forget(t.Context(), "acme", "ada"); err != nil {
		t.Fatal(err)
	}
	again, err := k.Seal(t.Context(), "acme", "ada", "Ada King")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []*bus.Keyring{k, keyring(t, nc)} {
		if got, err := k.Open(t.Context(), "acme", ada); !errors.Is(err, bus.ErrForgotten) {
			t.Errorf("ada opens: %q, %v", got, err)
		}
		if got, err := k.Open(t.Context(), "acme", bob); err != nil || got != "Bob" {
			t.Errorf("bob: %q, %v", got, err)
		}
		if got, err := k.Open(t.Context(), "acme", again); err != nil || got != "Ada King" {
			t.Errorf("ada, come back: %q, %v", got, err)
		}
	}
}

func TestManyMakeOneKey(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	var rings []*bus.Keyring
	for range 4 {
		rings = append(rings, keyring(t, nc))
	}
	sealed := make([]events.Sealed, 16)
	var sealing sync.WaitGroup
	for i := range sealed {
		sealing.Go(func() {
			var err error
			if sealed[i], err = rings[i%len(rings)].Seal(t.Context(), "acme", "ada", "Ada"); err != nil {
				t.Error(err)
			}
		})
	}
	sealing.Wait()
	for i, s := range sealed {
		if got, err := rings[(i+1)%len(rings)].Open(t.Context(), "acme", s); err != nil || got != "Ada" {
			t.Errorf("got %q, %v", got, err)
		}
	}
}

func TestHashesAndTokensAgreeEverywhere(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	k, same, other := keyring(t, nc), keyring(t, nc), keyring(t, bustest.New(t))
	hash, token := k.AddressHash("acme", "ada@example.org"), k.Token("acme", "i1", "n")
	if same.AddressHash("acme", " Ada@Example.org ") != hash || same.Token("acme", "i1", "n") != token {
		t.Error("two keyrings of one bucket disagree")
	}
	if other.AddressHash("acme", "ada@example.org") == hash || other.Token("acme", "i1", "n") == token {
		t.Error("keyrings of two buckets agree")
	}
	if k.AddressHash("globex", "ada@example.org") == hash || k.Token("globex", "i1", "n") == token || k.Token("acme", "i2", "n") == token || k.Token("acme", "i1", "m") == token {
		t.Error("they do not depend on the organization or the invite")
	}
}

func TestForgottenKeyIsGoneFromTheDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, bus.ServerConfig{Dir: dir})
	nc := bustest.Connect(t, s)
	k := keyring(t, nc)
	before := values(t, nc)
	if _, err := k.Seal(t.Context(), "acme", "ada", "Ada"); err != nil {
		t.Fatal(err)
	}
	var key []byte
	for name, value := range values(t, nc) {
		if _, known := before[name]; !known {
			key = value
		}
	}
	if !onDisk(t, dir, key) {
		t.Fatal("the key is not on the disk")
	}
	for range 2 { // once more does no harm
		if err := k.Forget(t.Context(), "acme", "ada"); err != nil {
			t.Fatal(err)
		}
	}
	if onDisk(t, dir, key) {
		t.Error("the key is still on the disk")
	}
}

// values returns what the bucket of keys holds.
func values(t *testing.T, nc *nats.Conn) map[string][]byte {
	t.Helper()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	bucket, err := js.KeyValue(t.Context(), "roster_keys")
	if err != nil {
		t.Fatal(err)
	}
	names, err := bucket.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]byte{}
	for _, name := range names {
		entry, err := bucket.Get(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		found[name] = entry.Value()
	}
	return found
}

// onDisk tells whether any file holds the bytes.
func onDisk(t *testing.T, dir string, wanted []byte) bool {
	t.Helper()
	found := false
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found = found || bytes.Contains(content, wanted)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return found
}
