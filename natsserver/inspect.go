package natsserver

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// streamsDirectory is where the server keeps the streams of its one account, below its
// directory. A stream's blocks are in msgs/1.blk, msgs/2.blk and so on.
const streamsDirectory = "jetstream/$G/streams"

// inspect opens every file of the streams for reading and writing, and changes none. It
// fails with a [*StoreError] for what no server leaves behind: a server deletes a stream
// that it cannot recover. It returns the names of the streams that hold messages.
func inspect(dir string) ([]string, error) {
	in := inspection{last: map[string]int{}}
	root := filepath.Join(dir, "jetstream")
	if _, err := os.Lstat(root); err == nil {
		if err := filepath.WalkDir(root, in.visit); err != nil {
			return nil, err
		}
	} else if !os.IsNotExist(err) {
		in.refuse(inaccessible(root, err))
	}
	in.compareEmpty()
	if len(in.refused) > 0 {
		first := in.refused[0]
		first.More = len(in.refused) - 1
		return nil, first
	}
	return in.streams(filepath.Join(dir, streamsDirectory)), nil
}

// inspection is what was seen of a directory.
type inspection struct {
	refused []*StoreError
	last    map[string]int // the number of the last block, by directory
	empty   []block
	full    []block
}

// block is a file that holds messages.
type block struct {
	path   string
	number int
}

func (in *inspection) refuse(e *StoreError) { in.refused = append(in.refused, e) }

// visit is called for every file and directory.
func (in *inspection) visit(path string, entry fs.DirEntry, err error) error {
	number, isBlock := blockNumber(path)
	switch {
	case err != nil:
		if len(in.refused) == 0 || in.refused[len(in.refused)-1].Path != path {
			in.refuse(inaccessible(path, err))
		}
	case entry.Type()&fs.ModeSymlink != 0:
		in.refuse(&StoreError{Path: path, Problem: "is a symbolic link: put the file itself there"})
	case entry.IsDir() && isBlock, !entry.IsDir() && !entry.Type().IsRegular():
		in.refuse(&StoreError{Path: path, Problem: fmt.Sprintf("is no regular file (%v): bring the file back from a backup", entry.Type())})
	case entry.IsDir():
		const readWriteSearch = 4 | 2 | 1
		if err := syscall.Access(path, readWriteSearch); err != nil {
			in.refuse(inaccessible(path, err))
		}
	default:
		size, err := open(path)
		switch {
		case err != nil:
			in.refuse(inaccessible(path, err))
		case isBlock:
			in.add(block{path, number}, size)
		case size == 0 && isMeta(path):
			in.refuse(emptied(path))
		}
	}
	return nil
}

// open opens a file for reading and writing, and returns its size.
func open(path string) (int64, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (in *inspection) add(b block, size int64) {
	dir := filepath.Dir(b.path)
	in.last[dir] = max(in.last[dir], b.number)
	if size == 0 {
		in.empty = append(in.empty, b)
	} else {
		in.full = append(in.full, b)
	}
}

// compareEmpty refuses empty blocks that are not the last ones of their streams. The last
// one is empty until the next message comes.
func (in *inspection) compareEmpty() {
	for _, b := range in.empty {
		if b.number != in.last[filepath.Dir(b.path)] {
			in.refuse(emptied(b.path))
		}
	}
}

// streams returns the names of the streams below a directory that have a block with
// something in it.
func (in *inspection) streams(root string) []string {
	var names []string
	for _, b := range in.full {
		if below, err := filepath.Rel(root, b.path); err == nil && filepath.IsLocal(below) {
			name, _, _ := strings.Cut(below, string(filepath.Separator))
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func emptied(path string) *StoreError {
	return &StoreError{Path: path, Problem: "is empty, and was not when the server wrote it: bring the file back from a backup"}
}

// isMeta reports whether a path is that of a file that says what a stream is. The server
// writes such a file under another name, which a crash leaves, and renames it.
func isMeta(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, "meta.") && !strings.HasSuffix(name, ".tmp")
}

// blockNumber returns the number of a block; ok tells whether the path is that of one.
func blockNumber(path string) (number int, ok bool) {
	name, isBlock := strings.CutSuffix(filepath.Base(path), ".blk")
	if !isBlock {
		return 0, false
	}
	_, err := fmt.Sscanf(name, "%d", &number)
	return number, err == nil
}
