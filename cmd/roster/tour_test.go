package main

import (
	"flag"
	"fmt"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/openapitest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

var update = flag.Bool("update", false, "write the tours anew")

// prompt begins the lines of a tour that are commands.
const prompt = "$ roster "

// TestTours walks through the commands as newcomers might. A tour is a transcript:
// each command, and what it must print. All tours go through one server, each in an
// organization of its own; its answers have to be what the OpenAPI document describes.
func TestTours(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t), "--schemes", "testdata/schemes")
	url := h.validated(t)
	tours, err := filepath.Glob("testdata/tours/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, tours, "no tours")
	for _, name := range tours {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			t.Parallel()
			want := read(t, name)
			got := h.walk(want, url)
			if *update {
				require.NoError(t, os.WriteFile(name, []byte(got), 0o600))
				return
			}
			assert.Empty(t, cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")), "printed (+) is not what was expected (-)")
		})
	}
}

// validated returns the URL of a proxy that validates every answer of the server.
func (h *testServer) validated(t *testing.T) string {
	t.Helper()
	document, err := api.Description()
	require.NoError(t, err)
	validator, err := openapitest.New(document)
	require.NoError(t, err)
	here, err := locate(h.data)
	require.NoError(t, err)
	server, err := url.Parse(here.HTTP)
	require.NoError(t, err)
	proxy := httptest.NewServer(validator.Handler(httputil.NewSingleHostReverseProxy(server), t.Error))
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// walk gives the commands of a tour to the server at a URL and returns the tour with what
// they print.
func (h *testServer) walk(tour, url string) string {
	var walked strings.Builder
	for line := range strings.Lines(tour) {
		command, found := strings.CutPrefix(line, prompt)
		if !found {
			continue
		}
		out, err, code := h.roster(append([]string{"--url", url}, strings.Fields(command)...)...)
		said := settled(strings.ReplaceAll(out+err, "\r\n", "\n")) // as git keeps the tours
		if said != "" && !strings.HasSuffix(said, "\n") {
			said += "\n"
		}
		walked.WriteString(line + said)
		if code != exitOK {
			fmt.Fprintf(&walked, "exit code %d\n", code)
		}
	}
	return walked.String()
}

// changing is what differs from run to run, and what stands for it, as wide.
var changing = []struct {
	pattern *regexp.Regexp
	steady  string
}{
	{regexp.MustCompile(`\b20[0-4]\d-\d\d-\d\dT[\d:.]+Z`), "2000-01-01T00:00:00Z"},
	{regexp.MustCompile(`\b20[0-4]\d-\d\d-\d\d\b`), "2000-01-01"},
	{regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{26}\b`), strings.Repeat("0", 26)},
	{regexp.MustCompile(`\bnats://127\.0\.0\.1:\d+`), "nats://127.0.0.1:4222"},
	{regexp.MustCompile(`\broster_[\w-]{43}`), "roster_" + strings.Repeat("0", 43)},
}

func settled(text string) string {
	for _, c := range changing {
		text = c.pattern.ReplaceAllString(text, c.steady)
	}
	return text
}
