package roster_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/bus"
)

// composition is what these tests read of docker-compose.yml.
type composition struct {
	Services map[string]struct {
		Image   string   `yaml:"image"`
		Volumes []string `yaml:"volumes"`
		Ports   []string `yaml:"ports"`
	} `yaml:"services"`
	Configs map[string]struct {
		Content string `yaml:"content"`
	} `yaml:"configs"`
}

func composed(t *testing.T) composition {
	t.Helper()
	text, err := os.ReadFile("docker-compose.yml")
	if err != nil {
		t.Fatalf("read the composition: %v", err)
	}
	var c composition
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatalf("decode the composition: %v", err)
	}
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
	if err := options.ProcessConfigString(content); err != nil {
		t.Fatalf("nats-server refuses its configuration: %v", err)
	}
	if !slices.Contains(c.Services["nats"].Volumes, "nats:"+options.StoreDir) {
		t.Errorf("the ledger in %s must be on a volume", options.StoreDir)
	}

	options.Host, options.Port, options.HTTPPort = "127.0.0.1", server.RANDOM_PORT, 0
	options.StoreDir, options.NoSigs, options.NoLog = t.TempDir(), true, true
	running, err := server.NewServer(options)
	if err != nil {
		t.Fatalf("make the server: %v", err)
	}
	running.Start()
	t.Cleanup(func() {
		running.Shutdown()
		running.WaitForShutdown()
	})
	if !running.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not accept connections")
	}

	if stranger, err := nats.Connect(running.ClientURL()); err == nil {
		stranger.Close()
		t.Error("the ledger is open to everybody on the network")
	}
	conn, err := nats.Connect(running.ClientURL(), nats.UserInfo("roster", password))
	if err != nil {
		t.Fatalf("connect as roster: %v", err)
	}
	t.Cleanup(conn.Close)
	if _, err := bus.Open(t.Context(), conn, bus.OpenConfig{}); err != nil {
		t.Errorf("the ledger is refused: %v", err)
	}
}

func TestComposedServersAreKnownAndLocal(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`^[a-z]+:(\d+\.\d+|local$)`)
	for name, service := range composed(t).Services {
		if !pinned.MatchString(service.Image) {
			t.Errorf("%s: image %q must name its version", name, service.Image)
		}
		for _, port := range service.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s: port %s must be bound to this machine", name, port)
			}
		}
	}
}
