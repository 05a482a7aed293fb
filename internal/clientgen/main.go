// Command clientgen generates the Go client of the API.
//
// It writes a method for each operation, and the types that operations take and answer.
// It reads the description that the API has of itself, so that nothing is declared twice.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "clientgen:", err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

// run writes the files into the directory of package client.
func run(dir string) error {
	files, err := generate()
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil { //nolint:gosec // it is source
			return err
		}
	}
	return nil
}

// generate returns the text of each file, by its name.
func generate() (map[string][]byte, error) {
	d, err := describe()
	if err != nil {
		return nil, err
	}
	operations, err := d.operationsFile()
	if err != nil {
		return nil, err
	}
	table, err := d.tableFile()
	if err != nil {
		return nil, err
	}
	types, err := d.typesFile()
	return map[string][]byte{"table_gen.go": table, "operations_gen.go": operations, "types_gen.go": types}, err
}
