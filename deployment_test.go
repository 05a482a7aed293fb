package roster_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
)

// composition is what these tests read of docker-compose.yml.
type composition struct {
	Services map[string]struct {
		Image   string   `yaml:"image"`
		Volumes []string `yaml:"volumes"`
		Ports   []string `yaml:"ports"`
		Command []string `yaml:"command"`
	} `yaml:"services"`
	Configs map[string]struct {
		Content string `yaml:"content"`
	} `yaml:"configs"`
}

func composed(t *testing.T) composition {
	t.Helper()
	text, err := os.ReadFile("docker-compose.yml")
	require.NoError(t, err)
	var c composition
	require.NoError(t, yaml.Unmarshal(text, &c))
	return c
}

// TestComposedNATSHoldsTheLedger starts nats-server with its configuration in the
// composition and opens a ledger there, which is refused where an acknowledged
// command might not be on disk.
func TestComposedNATSHoldsTheLedger(t *testing.T) {
	t.Parallel()
	c := composed(t)
	const password = "a-password-of-the-test"
	content := os.Expand(c.Configs["nats"].Content, func(name string) string {
		return map[string]string{"$": "$", "NATS_PASSWORD": password}[name]
	})
	options := &server.Options{}
	require.NoError(t, options.ProcessConfigString(content))
	assert.Contains(t, c.Services["nats"].Volumes, "nats:"+options.StoreDir, "the ledger must be on a volume")

	options.Host, options.Port, options.HTTPPort = "127.0.0.1", server.RANDOM_PORT, 0
	options.StoreDir, options.NoSigs, options.NoLog = t.TempDir(), true, true
	running, err := server.NewServer(options)
	require.NoError(t, err)
	running.Start()
	t.Cleanup(func() {
		running.Shutdown()
		running.WaitForShutdown()
	})
	require.True(t, running.ReadyForConnections(10*time.Second))

	_, err = nats.Connect(running.ClientURL())
	require.Error(t, err, "without a password")
	conn, err := nats.Connect(running.ClientURL(), nats.UserInfo("roster", password))
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	_, err = bus.Open(t.Context(), conn, bus.OpenConfig{})
	assert.NoError(t, err)
}

func TestComposedServersAreKnownAndLocal(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`^[a-z]+:(\d+\.\d+|local$)`)
	for name, service := range composed(t).Services {
		assert.Regexp(t, pinned, service.Image, "%s: the image must name its version", name)
		assert.NotContains(t, strings.Join(service.Command, " "), "PASSWORD", "%s: everybody who lists processes sees its arguments", name)
		for _, port := range service.Ports {
			assert.True(t, strings.HasPrefix(port, "127.0.0.1:"), "%s: port %s must be bound to this machine", name, port)
		}
	}
}
