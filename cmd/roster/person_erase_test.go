package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/keyring"
)

// zebedee is somebody whose texts nobody else has.
var zebedee = []string{
	"--name", "Zebedee Quillfeather", "--login", "zquillfeather", "--email", "zebedee.quillfeather@elsewhere.example",
	"--avatar", "https://pictures.example/quillfeather.png", "--external-id", "EXT-Quillfeather-4711", "--metadata", "badge=quillfeather-77",
}

// zebedeesTexts are all that was ever said of him.
var zebedeesTexts = []string{
	"Zebedee Quillfeather", "zquillfeather", "zebedee.quillfeather@elsewhere.example", "https://pictures.example/quillfeather.png",
	"EXT-Quillfeather-4711", "quillfeather-77", "Zebedee Featherquill", "zeb@former.example", "ZEB@former.example", "Dear Mister Featherquill", "Featherquill would like to help", "No room for a Featherquill",
}

// meetZebedee makes organizations that know him in every way: acme and archived as a member, left and gone as a former one, gone being deleted; joined by an invite
// that he accepted, declined by one that he declined, asked by one that is open; requested by a request for access that was denied.
func meetZebedee(t testing.TB, h *testServer) {
	t.Helper()
	for _, org := range []string{"acme", "archived", "left", "gone", "joined", "declined", "asked", "requested"} {
		h.must("org", "create", org, "--scheme", "github", "--owner", "ada", "--owner-name", "Ada Lovelace")
	}
	h.must(append(strings.Fields("member add u1 --org acme --name"), "Zebedee Featherquill", "--email", "zeb@former.example")...)
	h.must(append(strings.Fields("member profile u1 --org acme"), zebedee...)...)
	h.must(strings.Fields("team create Core --org acme --id core")...)
	h.must(strings.Fields("team add core u1 --org acme")...)
	for _, org := range []string{"archived", "left", "gone"} {
		h.must(append([]string{"member", "add", "u1", "--org", org}, zebedee...)...)
	}
	h.must(strings.Fields("org archive archived")...)
	h.must(strings.Fields("member remove u1 --org left")...)
	h.must(strings.Fields("org delete gone")...)
	h.must("invite", "send", "zebedee.quillfeather@elsewhere.example", "--org", "joined", "--id", "j", "--message", "Dear Mister Featherquill")
	h.must(strings.Fields("invite accept j --org joined --user u1")...)
	h.must(strings.Fields("invite send zeb@former.example --org declined --id d")...)
	h.must(strings.Fields("invite decline d --org declined --user u1 --verified-email zeb@former.example")...)
	h.must("invite", "send", "ZEB@former.example", "--org", "asked", "--id", "a", "--message", "Dear Mister Featherquill")
	h.must(strings.Fields("org requests requested --join open")...)
	h.must(append(strings.Fields("request ask --org requested --user u1 --id r --email zebedee.quillfeather@elsewhere.example --reason"), "Featherquill would like to help", "--name", "Zebedee Quillfeather")...)
	h.must("request", "deny", "r", "--org", "requested", "--reason", "No room for a Featherquill")
}

// storedKeys returns what the bucket stores of the keys of everybody, by the names of the entries.
func storedKeys(t testing.TB, h *testServer) map[string][]byte {
	t.Helper()
	here, err := locate(h.data)
	require.NoError(t, err)
	nc, err := nats.Connect(here.NATS)
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	bucket, err := js.KeyValue(t.Context(), strings.TrimPrefix(keyring.StreamName, "KV_"))
	require.NoError(t, err)
	names, err := bucket.Keys(t.Context())
	require.NoError(t, err)
	stored := map[string][]byte{}
	for _, name := range names {
		if strings.HasPrefix(name, "person.") {
			entry, err := bucket.Get(t.Context(), name)
			if errors.Is(err, jetstream.ErrKeyNotFound) {
				continue // it was destroyed meanwhile
			}
			require.NoError(t, err)
			stored[name] = entry.Value()
		}
	}
	return stored
}

// spellings are forms in which a text may stand in a file.
func spellings(text string) [][]byte {
	quoted, _ := json.Marshal(text)
	wide := utf16.Encode([]rune(text))
	all := [][]byte{
		[]byte(text), []byte(strings.ToLower(text)), []byte(strings.ToUpper(text)), bytes.Trim(quoted, `"`), []byte(strings.ReplaceAll(text, " ", "+")),
		[]byte(hex.EncodeToString([]byte(text))), []byte(strings.ReplaceAll(text, "/", `\/`)), []byte(strings.ReplaceAll(text, "@", "%40")), []byte(fmt.Sprint(wide)),
	}
	for shift := range 3 { // in the middle of other text
		inBase64 := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", shift) + text))
		all = append(all, []byte(strings.TrimRight(inBase64, "=")[4:len(inBase64)-4]))
	}
	return all
}

// keySpellings are forms in which a wrapped key may stand in a file.
func keySpellings(stored []byte) [][]byte {
	_, box, _ := strings.Cut(string(stored), ".")
	raw, _ := base64.RawURLEncoding.DecodeString(box)
	return [][]byte{stored, []byte(box), raw, []byte(base64.StdEncoding.EncodeToString(stored)), []byte(hex.EncodeToString(raw))}
}

// filesWith returns the files below a directory that have a needle, by its name. It reads each once: there are
// hundreds of forms of needles.
func filesWith(t testing.TB, dir string, needles map[string][][]byte) map[string][]string {
	t.Helper()
	type form struct {
		of   string
		text []byte
	}
	beginning := make([][]form, 1<<16) // by the first two bytes
	pair := func(text []byte) uint16 { return binary.LittleEndian.Uint16(text) }
	for name, forms := range needles {
		for _, text := range forms {
			require.GreaterOrEqual(t, len(text), 2, name)
			beginning[pair(text)] = append(beginning[pair(text)], form{name, text})
		}
	}
	found := map[string][]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) || err == nil && !d.Type().IsRegular() {
			return nil // it was removed meanwhile
		}
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil
		}
		within, _ := filepath.Rel(dir, path)
		for i := range max(len(content)-1, 0) {
			for _, f := range beginning[pair(content[i:])] {
				if bytes.HasPrefix(content[i:], f.text) && !slices.Contains(found[f.of], within) {
					found[f.of] = append(found[f.of], within)
				}
			}
		}
		return err
	}))
	return found
}

// settle has PostgreSQL write everything to its files, with statistics.
func settle(t testing.TB, h *testServer) {
	t.Helper()
	here, err := locate(h.data)
	require.NoError(t, err)
	conn, err := pgx.Connect(t.Context(), here.Database)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	for _, statement := range []string{`ANALYZE roster.member, roster.invite`, `CHECKPOINT`} {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
}

// TestErasedPersonIsInNoFile searches every file of a data directory for what was said of a person, and for their keys.
func TestErasedPersonIsInNoFile(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--dev")
	meetZebedee(t, h)
	h.must("org", "create", "elsewhere", "--owner", "ada")
	h.must("invite", "send", "somebody@elsewhere.example", "--org", "elsewhere")
	needles := map[string][][]byte{}
	for _, text := range zebedeesTexts {
		needles[text] = spellings(text)
	}
	all := storedKeys(t, h)
	kept := map[string][][]byte{}
	for name, stored := range all {
		kept[name] = keySpellings(stored)
	}
	h.must("member", "list", "--org", "acme")
	settle(t, h)
	until(t, "mails are written", func() bool { return strings.Contains(h.must("mail", "status"), "waiting       0") })
	found := filesWith(t, h.data, needles)
	for _, text := range zebedeesTexts[:4] {
		assert.True(t, slices.ContainsFunc(found[text], func(file string) bool { return strings.Contains(file, "pg_wal") }), "%q is in the log: %s", text, found[text])
		assert.True(t, slices.ContainsFunc(found[text], func(file string) bool { return strings.Contains(file, "base") }), "%q is in a table: %s", text, found[text])
	}
	for org, text := range map[string]string{"asked": "ZEB@former.example", "left": zebedeesTexts[2], "requested": zebedeesTexts[2]} {
		assert.True(t, slices.ContainsFunc(found[text], func(file string) bool { return filepath.Dir(file) == filepath.Join("mail", org) }), "%q is in a mail about %s: %s", text, org, found[text])
	}
	for name, files := range filesWith(t, h.data, kept) {
		assert.NotEmpty(t, files, name)
	}

	dry := h.must("person", "erase", "u1", "--dry-run")
	assert.Contains(t, dry, "Nothing was done")
	assert.Equal(t, all, storedKeys(t, h))
	said := h.must("person", "erase", "u1")
	t.Log(said)
	left := storedKeys(t, h)
	destroyed := map[string][][]byte{}
	for name := range all {
		if _, there := left[name]; !there {
			destroyed[name] = kept[name]
		}
	}
	require.Len(t, destroyed, 8, "five organizations, and three invites")
	mails, err := os.ReadDir(filepath.Join(h.data, "mail"))
	require.NoError(t, err)
	require.Len(t, mails, 1, "those about an organization that does not know him stay")
	assert.Equal(t, "elsewhere", mails[0].Name())
	maps.Copy(needles, destroyed)
	assert.Empty(t, filesWith(t, h.data, needles))

	assert.Equal(t, said, h.must("person", "erase", "u1"), "again")
	assert.Empty(t, filesWith(t, h.data, needles))
	h.must("verify")
	asks, err := (&shell{Data: h.data}).client()
	require.NoError(t, err)
	_, err = asks.GetMember(t.Context(), "acme", "u1", client.GetMemberQuery{})
	require.Error(t, err)
	require.Zero(t, h.stop())
	h.must("verify")
	h.must("rebuild")
	assert.Empty(t, filesWith(t, h.data, needles))
}

// TestErasureGoesOnAfterACrash kills the server in each step of an erasure, and starts it again. The command is given once.
//
//roster:fault the server is killed while a person is erased | the next start goes on by itself; nothing of the person is left in any file
func TestErasureGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	h, process := launch(t, data, "--dev")
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(h.log)
		}
	})
	meetZebedee(t, h)
	needles := map[string][][]byte{}
	for _, text := range zebedeesTexts {
		needles[text] = spellings(text)
	}
	all := storedKeys(t, h)
	end := func() uint64 {
		var last struct {
			Position uint64 `json:"position"`
		}
		var line string
		for line = range strings.Lines(h.must("replay", "--output", "json")) {
		}
		require.NoError(t, json.Unmarshal([]byte(line), &last))
		return last.Position
	}
	before := end()
	destroyed := func() int { return len(all) - len(storedKeys(t, h)) }
	began := func() bool {
		asks, err := (&shell{Data: h.data}).client()
		require.NoError(t, err)
		dry, err := asks.ErasePerson(t.Context(), "u1", client.Erase{DryRun: true})
		require.NoError(t, err)
		return !dry.Began.IsZero()
	}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		h.roster("person", "erase", "u1") // killed, it answers nothing
	}()
	var logs strings.Builder
	for _, step := range []struct {
		name    string
		reached func() bool
	}{
		{"it has begun", began},
		{"the first organization has recorded it", func() bool { return end() > before }},
		{"mails are removed", func() bool { return len(filesWith(t, filepath.Join(data, "mail"), needles)) == 0 }},
		{"a key is destroyed", func() bool { return destroyed() > 0 }},
		{"all keys are destroyed", func() bool { return destroyed() == 8 }},
		{"the read models are made anew", func() bool { return len(filesWith(t, filepath.Join(data, "postgres", "data", "base"), needles)) == 0 }},
	} {
		until(t, step.name, step.reached)
		require.NoError(t, process.Kill())
		<-answered
		h.stop()
		logs.WriteString(h.log.String())
		h, process = launch(t, data, "--dev")
	}
	until(t, "it has ended", func() bool { return !began() })
	assert.Contains(t, logs.String()+h.log.String(), "going on with erasures that were interrupted")
	for name, stored := range all {
		if _, there := storedKeys(t, h)[name]; !there {
			needles[name] = keySpellings(stored)
		}
	}
	require.Len(t, needles, len(zebedeesTexts)+8)
	assert.Empty(t, filesWith(t, data, needles))
	assert.Contains(t, h.must("events", "--org", "acme"), "erased person")
	require.Zero(t, h.stop())
	h.must("verify")
}
