package bus

import (
	"sync"
	"time"
)

const (
	cachedKeys   = 1 << 15
	cachedKeyFor = time.Minute
)

// keyCache holds the keys used lately, in two halves: when the young one is
// full, it becomes the old one, and what was old is let go.
type keyCache struct {
	mu         sync.Mutex
	young, old map[string]cachedKey
}

type cachedKey struct {
	sealKey
	until time.Time
}

func newKeyCache() *keyCache { return &keyCache{young: map[string]cachedKey{}} }

func (c *keyCache) get(name string) (sealKey, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.young[name]
	if !ok {
		if found, ok = c.old[name]; ok {
			c.keep(name, found)
		}
	}
	return found.sealKey, ok && time.Now().Before(found.until)
}

func (c *keyCache) put(name string, key sealKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(name, cachedKey{key, time.Now().Add(cachedKeyFor)})
}

func (c *keyCache) keep(name string, key cachedKey) {
	if len(c.young) >= cachedKeys/2 {
		c.young, c.old = map[string]cachedKey{}, c.young
	}
	c.young[name] = key
}

func (c *keyCache) drop(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, name)
	delete(c.old, name)
}
