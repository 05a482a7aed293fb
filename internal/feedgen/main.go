// Command feedgen generates the description of the feed: the JSON Schemas of its messages, the AsyncAPI document, and
// docs/events.md.
//
// It reads the Go types, their comments and the golden files of events, so that nothing is declared twice.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
)

// The generated files, below the root of the module.
const (
	schemasFile  = "feed/schemas.json"
	asyncAPIFile = "feed/asyncapi.json"
	eventsFile   = "docs/events.md"
)

func main() {
	if err := run(".."); err != nil {
		fmt.Fprintln(os.Stderr, "feedgen:", err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

// run writes the files below the root of the module.
func run(root string) error {
	files, err := generate(root)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, name), text, 0o644); err != nil { //nolint:gosec // it is source
			return err
		}
	}
	return nil
}

// generate returns the text of each file, by its name.
func generate(root string) (map[string][]byte, error) {
	comments, err := readComments(root)
	if err != nil {
		return nil, err
	}
	published, err := publishedMessages(root, comments)
	if err != nil {
		return nil, err
	}
	all := schemas{comments: comments, definitions: map[string]object{}, types: map[string]reflect.Type{}}
	if err := all.define(published); err != nil {
		return nil, err
	}
	document, err := eventsDocument(published, all)
	if err != nil {
		return nil, err
	}
	said := requests(comments)
	if err := all.define(said); err != nil {
		return nil, err
	}
	bundle, err := layout(all.bundle())
	if err != nil {
		return nil, err
	}
	asyncAPI, err := layout(asyncAPIDocument(published, said, all))
	return map[string][]byte{schemasFile: bundle, asyncAPIFile: asyncAPI, eventsFile: document}, err
}
