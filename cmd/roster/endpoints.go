package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
)

// endpoints tell other processes on this machine where a running server is.
type endpoints struct {
	PID  int    `json:"pid"`
	HTTP string `json:"http"`
	NATS string `json:"nats"`
	// NATSCertificate is the file with the certificate that the NATS server presents; left out: it has none of its
	// own.
	NATSCertificate string `json:"nats_certificate,omitzero"`
	Database        string `json:"database"`
}

// announce writes the endpoints into the data directory.
func (d *dataDirectory) announce(w endpoints) error {
	text, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return write(d.path("serve.json"), string(text)+"\n")
}

// withdraw takes the endpoints away.
func (d *dataDirectory) withdraw() error {
	err := os.Remove(d.path("serve.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// errNotServed says that no server runs on a data directory.
var errNotServed = errors.New("no server runs here")

// locate finds the server that runs on a data directory.
func locate(dir string) (endpoints, error) {
	var w endpoints
	text, err := os.ReadFile(filepath.Join(dir, "serve.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return w, fmt.Errorf("%s: %w", dir, errNotServed)
	}
	if err != nil {
		return w, err
	}
	if err := json.Unmarshal(text, &w); err != nil {
		return w, fmt.Errorf("read %s: %w", filepath.Join(dir, "serve.json"), err)
	}
	return w, nil
}
