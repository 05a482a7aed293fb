package champ

import "hash/maphash"

// seed is drawn once per process, so that nobody can choose ids that collide.
// All maps share it because versions share nodes.
var seed = maphash.MakeSeed()

func hash(key string) uint64 { return maphash.String(seed, key) }
