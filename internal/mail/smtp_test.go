package mail_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/mail"
)

func TestAddressOfAMailServer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, address, password string
		withoutTLS              bool
		err                     string // a part of it; empty: it is read
	}{
		{name: "a user", address: "smtp://user@mail.example.org:2525", password: "p"},
		{name: "nobody", address: "smtp://mail.example.org"},
		{name: "TLS from the beginning", address: "smtps://user@mail.example.org", password: "p"},
		{name: "without TLS", address: "smtp://mail.example.org", withoutTLS: true},
		{name: "a password in the address", address: "smtp://user:hunter2@mail.example.org", err: "ROSTER_SMTP_PASSWORD"},
		{name: "a password that cannot be read", address: "smtp://user:%zz@mail.example.org", err: "is written as in smtp://"},
		{name: "another protocol", address: "https://mail.example.org", err: "is written as in smtp://"},
		{name: "no protocol", address: "mail.example.org:25", err: "is written as in smtp://"},
		{name: "no host", address: "smtp://", err: "is written as in smtp://"},
		{name: "a path", address: "smtp://mail.example.org/x", err: "is written as in smtp://"},
		{name: "a user without a password", address: "smtp://user@mail.example.org", err: "a user and no password"},
		{name: "a password of nobody", address: "smtp://mail.example.org", password: "p", err: "nobody whose it is"},
		{name: "TLS and none", address: "smtps://mail.example.org", withoutTLS: true, err: "write smtp:// for none"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := mail.ParseSMTP(tc.address, tc.password, tc.withoutTLS)
			if tc.err == "" {
				assert.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.err)
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}
