package natsserver

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// removeTemporary removes files that a server was killed over while it wrote a block anew. The next server reads none of them, and never removes them, though one of the bucket
// of keys has the keys that were there at that time.
func removeTemporary(dir string) error {
	for _, name := range []string{"*.blk.tmp", "*.new"} {
		files, err := fs.Glob(os.DirFS(dir), streamsDirectory+"/*/msgs/"+name)
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := os.Remove(filepath.Join(dir, file)); err != nil {
				return fmt.Errorf("remove what a server left that was killed: %w", err)
			}
		}
	}
	return nil
}
