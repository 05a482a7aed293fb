package main

import (
	"fmt"
	"net/url"
	"strings"
)

// serverURL is where a server is; its zero value is nowhere.
type serverURL string

// UnmarshalText reads an address that HTTP can be spoken to.
func (u *serverURL) UnmarshalText(text []byte) error {
	named := strings.TrimRight(string(text), "/")
	if named != "" && !strings.HasPrefix(named, "http://") && !strings.HasPrefix(named, "https://") {
		return fmt.Errorf("%q lacks http:// or https://: write it as in http://127.0.0.1:8080", named)
	}
	if _, err := url.Parse(named); err != nil {
		return err
	}
	*u = serverURL(named)
	return nil
}
