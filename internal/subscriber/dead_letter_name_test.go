package subscriber

import (
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
)

// TestSubscriberIsCalledRetrying has the word in its name that tells letters apart.
func TestSubscriberIsCalledRetrying(t *testing.T) {
	t.Parallel()
	m := &jetstream.RawStreamMsg{Subject: deadLetterSubject + "retrying" + waiting + "acme"}
	assert.False(t, readDeadLetter(m).Retrying)
	assert.True(t, isIn(m, waiting))
	m.Subject = deadLetterSubject + "waiting" + retrying + "acme"
	assert.True(t, readDeadLetter(m).Retrying)
	assert.False(t, isIn(m, waiting))
}
