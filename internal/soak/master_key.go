package soak

import (
	"os"
	"path/filepath"
)

// shareMasterKey gives a node the master key of another one, which has begun: all nodes need the same.
func shareMasterKey(from, to string) error {
	const name = "master.key"
	key, err := os.ReadFile(filepath.Join(from, name))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, name), key, 0o600)
}
