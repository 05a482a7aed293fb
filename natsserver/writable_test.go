package natsserver

import (
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/assert"
)

func TestUnhealthy(t *testing.T) {
	t.Parallel()
	broken := server.HealthzError{Type: server.HealthzErrorStream, Error: "JetStream stream 'ORG > A' write error: input/output error"}
	for name, test := range map[string]struct {
		found []server.HealthzError
		is    error  // what the error is, if not nil
		text  string // a part of its text; "" if the server is healthy
	}{
		"healthy": {},
		"the millisecond for its listeners passed on a busy machine": {
			found: []server.HealthzError{{Type: server.HealthzErrorConn, Error: "failed to be ready for connections after 1ms: "}},
			is:    errNotLooked, text: "has not looked",
		},
		"a stream could not write": {found: []server.HealthzError{broken}, text: "input/output error: look at the disk"},
		"the disk was full for the second stream": {
			found: []server.HealthzError{broken, {Type: server.HealthzErrorStream, Error: "JetStream stream 'ORG > B' write error: no space left on device"}},
			is:    ErrNoSpace, text: "stream 'ORG > B'",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := unhealthy(test.found)
			if test.text == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, test.text)
			if test.is != nil {
				assert.ErrorIs(t, err, test.is)
			}
		})
	}
}
