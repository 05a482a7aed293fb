package mail

import (
	"bytes"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestNobodyAddsHeaders has names that try.
func TestNobodyAddsHeaders(t *testing.T) {
	t.Parallel()
	templates, err := ParseTemplates(nil, "en")
	require.NoError(t, err)
	part := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\r\nBcc: eve@example.org", "\nX: y", "\r\n\r\n<script>", "\u202e", "=?utf-8?q?=0d=0aBcc:_x?="}))
	rapid.Check(t, func(r *rapid.T) {
		name := func(what string) string { return clean(strings.Join(rapid.SliceOfN(part, 0, 3).Draw(r, what), "")) }
		words, err := templates.render(facts{Kind: "invitation", Organization: name("organization"), By: name("by"), Role: name("role"), Message: name("message")}, "en")
		require.NoError(t, err)
		m, err := newMessage("id", &mail.Address{Address: "no-reply@example.org"}, "eve@example.org", words, time.Unix(0, 0))
		require.NoError(t, err)
		var out bytes.Buffer
		_, err = m.WriteTo(&out)
		require.NoError(t, err)
		read, err := mail.ReadMessage(&out)
		require.NoError(t, err)
		var names []string
		for name, values := range read.Header {
			names = append(names, name)
			assert.Len(t, values, 1, name)
		}
		assert.ElementsMatch(t, []string{
			"Date", "Mime-Version", "Message-Id", "Subject", "Auto-Submitted", "Content-Language", "From", "To", "Content-Type",
		}, names)
		assert.NotContains(t, words.html, "<script>")
		assert.NotContains(t, words.html, "\u202e")
	})
}
