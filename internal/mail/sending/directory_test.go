package sending_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/mail"
)

// TestFilesInsteadOfMails writes what is not sent where its owner alone can read it.
func TestFilesInsteadOfMails(t *testing.T) {
	t.Parallel()
	f := quiet(t)
	dir := filepath.Join(t.TempDir(), "mail")
	there := mail.NewDirectory(dir)
	background(t, f.senderTo(there).Run)
	_, token := invite(f.organization("acme"), "eve@example.org")
	f.settled()
	files, err := filepath.Glob(filepath.Join(dir, "acme", "*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	assert.Regexp(t, `/\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{32}\.eml$`, files[0])
	info, err := os.Stat(files[0])
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	whole, err := os.ReadFile(files[0])
	require.NoError(t, err)
	m, err := readMail(whole)
	require.NoError(t, err)
	assert.Equal(t, "<eve@example.org>", m.header.Get("To"))
	assert.Contains(t, m.text, "https://app.example.com/invite#"+token)
}
