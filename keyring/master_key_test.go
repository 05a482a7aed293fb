package keyring_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/keyring"
)

func TestMasterKeyIsRead(t *testing.T) {
	t.Parallel()
	secret := bytes.Repeat([]byte{0xA5}, 32)
	inHex, inBase64 := hex.EncodeToString(secret), base64.StdEncoding.EncodeToString(secret)
	for name, row := range map[string]struct {
		text string
		ok   bool
	}{
		"hexadecimal":                 {inHex, true},
		"hexadecimal in capitals":     {strings.ToUpper(inHex), true},
		"base64":                      {inBase64, true},
		"a line":                      {inBase64 + "\n", true},
		"nothing":                     {"", false},
		"a passphrase":                {"correct horse battery staple", false},
		"too short":                   {inHex[:62], false},
		"too long":                    {inHex + "00", false},
		"no hexadecimal digit":        {"g" + inHex[1:], false},
		"no base64":                   {"!" + inBase64[1:], false},
		"two keys":                    {inBase64 + "\n" + inBase64, false},
		"base64 of 31 bytes":          {base64.StdEncoding.EncodeToString(secret[:31]), false},
		"the bytes as they are":       {string(secret), false},
		"base64 without its last one": {strings.TrimRight(inBase64, "="), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, err := keyring.ParseMasterKey(row.text)
			if row.ok {
				require.NoError(t, err)
				same, err := keyring.ParseMasterKey(inHex)
				require.NoError(t, err)
				assert.Equal(t, same.ID(), key.ID())
				return
			}
			require.ErrorContains(t, err, "a master key is 32 bytes")
			if row.text != "" {
				assert.NotContains(t, err.Error(), row.text)
			}
		})
	}
}

// TestMasterKeyIsNotPrinted prints a master key in every way.
func TestMasterKeyIsNotPrinted(t *testing.T) {
	t.Parallel()
	key, text := keyring.NewMasterKey()
	secret, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	var out bytes.Buffer
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&out, form+"\n", key)
		fmt.Fprintf(&out, form+"\n", &key)
		fmt.Fprintf(&out, form+"\n", keyring.Config{Master: key})
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("started", "key", key)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("started", "key", key)
	assert.Contains(t, out.String(), key.ID())
	for _, leaked := range []string{text, string(secret), hex.EncodeToString(secret), fmt.Sprintf("%d", secret)} {
		assert.NotContains(t, out.String(), leaked)
	}
}

// TestWrappedSecretsAreBound holds that a wrapped secret opens with its master key and under its name alone, and not
// after any change.
func TestWrappedSecretsAreBound(t *testing.T) {
	t.Parallel()
	key, other := masterKey(t, 'a'), masterKey(t, 'b')
	rapid.Check(t, func(rt *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "secret")
		name := rapid.String().Draw(rt, "name")
		wrapped := key.Wrap(name, secret)
		assert.False(rt, bytes.Contains(wrapped, secret))
		got, err := key.Unwrap(name, wrapped)
		require.NoError(rt, err)
		assert.Equal(rt, secret, got)

		_, err = key.Unwrap(name+".", wrapped)
		require.Error(rt, err, "under another name")
		_, err = other.Unwrap(name, wrapped)
		var wrong *keyring.MasterKeyError
		require.ErrorAs(rt, err, &wrong)
		assert.Equal(rt, keyring.MasterKeyError{WrappedBy: key.ID(), Given: other.ID()}, *wrong)

		changed := bytes.Clone(wrapped)
		changed[rapid.IntRange(0, len(changed)-1).Draw(rt, "at")] ^= byte(rapid.IntRange(1, 255).Draw(rt, "by"))
		_, err = key.Unwrap(name, changed)
		require.Error(rt, err, "after a change")
		_, err = key.Unwrap(name, wrapped[:rapid.IntRange(33, len(wrapped)-1).Draw(rt, "length")])
		require.Error(rt, err, "cut off")
	})
}
