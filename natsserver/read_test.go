package natsserver_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/natsserver"
)

func TestReadFindsEveryMessageAndEveryDamage(t *testing.T) {
	t.Parallel()
	const messages, record = 20, 22 + 4 + 1 + 8 // bytes of the first records
	for name, row := range map[string]struct {
		damage func(block []byte) []byte
		whole  bool // every message is there
		says   string
	}{
		"nothing":                          {damage: func(b []byte) []byte { return b }, whole: true},
		"a record that was just begun":     {damage: func(b []byte) []byte { return append(b, 60, 0, 0, 0, 21) }, whole: true},
		"space for what was not written":   {damage: func(b []byte) []byte { return append(b, make([]byte, 100)...) }, whole: true},
		"a record whose end is not there":  {damage: func(b []byte) []byte { return append(b[:len(b)-12], make([]byte, 12)...) }},
		"a bit of the last message":        {damage: func(b []byte) []byte { b[len(b)-10] ^= 1; return b }, says: "nothing follows, so if the power failed"},
		"a bit of the first message":       {damage: func(b []byte) []byte { b[27] ^= 1; return b }, says: "at byte 0, after message 0: the checksum"},
		"a length that is too short":       {damage: func(b []byte) []byte { b[5*record] = 3; return b }, says: "after message 5: the record has no length"},
		"a length beyond the end":          {damage: func(b []byte) []byte { b[5*record+1] = 255; return b }, says: "after message 5: the record is not complete"},
		"a last message that is cut short": {damage: func(b []byte) []byte { return b[:len(b)-1] }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := kept(t, messages)
			file := filepath.Join(cfg.Dir, "jetstream", "$G", "streams", "KEPT", "msgs", "1.blk")
			block, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(file, row.damage(block), 0o600))
			before := contents(t, cfg.Dir)

			var last uint64
			err = natsserver.Read(cfg.Dir, "KEPT", func(sequence uint64, subject string, message []byte) error {
				assert.Equal(t, "kept", subject)
				assert.Equal(t, last+1, sequence)
				assert.Equal(t, strconv.FormatUint(last, 10), string(message))
				last = sequence
				return nil
			})
			if row.says == "" {
				require.NoError(t, err)
			} else {
				var damaged *natsserver.StoreError
				require.ErrorAs(t, err, &damaged)
				assert.Equal(t, file, damaged.Path)
				assert.ErrorContains(t, err, row.says)
			}
			assert.Equal(t, row.whole, last == messages, "read up to %d", last)
			assert.Equal(t, before, contents(t, cfg.Dir), "the files")
		})
	}
}

func TestReadEndsWithTheErrorOfItsCaller(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	err := natsserver.Read(kept(t, 3).Dir, "KEPT", func(uint64, string, []byte) error { return enough })
	require.ErrorIs(t, err, enough)
}

func TestReadFindsNoStream(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "nats")
	require.ErrorIs(t, natsserver.Read(dir, "KEPT", nil), natsserver.ErrNoStream)
	assert.NoDirExists(t, dir)
}
