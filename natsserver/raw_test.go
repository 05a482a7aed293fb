package natsserver_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/require"
)

// patience is how long tests wait for what must come.
const patience = time.Minute

// rawClient speaks the protocol by hand, so that it can send what no client library does.
type rawClient struct {
	testing.TB

	conn  net.Conn
	in    *bufio.Reader
	nonce string
}

// dialRaw connects and reads what the server says first.
func dialRaw(t testing.TB, address string) *rawClient {
	t.Helper()
	at, err := url.Parse(address)
	require.NoError(t, err)
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(t.Context(), "tcp", at.Host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	c := &rawClient{TB: t, conn: conn, in: bufio.NewReader(conn)}
	text, found := strings.CutPrefix(c.line(), "INFO ")
	require.True(t, found)
	var info struct {
		Nonce string `json:"nonce"`
	}
	require.NoError(t, json.Unmarshal([]byte(text), &info))
	require.NotEmpty(t, info.Nonce)
	c.nonce = info.Nonce
	return c
}

func (c *rawClient) line() string {
	line, err := c.in.ReadString('\n')
	require.NoError(c, err)
	return strings.TrimSuffix(line, "\r\n")
}

func (c *rawClient) send(format string, a ...any) {
	_, err := fmt.Fprintf(c.conn, format, a...)
	require.NoError(c, err)
}

// sign signs the server's nonce.
func (c *rawClient) sign(pair nkeys.KeyPair) string {
	signature, err := pair.Sign([]byte(c.nonce))
	require.NoError(c, err)
	return base64.RawURLEncoding.EncodeToString(signature)
}

// connect sends the options of a CONNECT, and returns the server's error; empty if it lets the client in.
func (c *rawClient) connect(options map[string]any) string {
	all := map[string]any{"verbose": false, "pedantic": false, "headers": true, "no_responders": true, "protocol": 1}
	maps.Copy(all, options)
	text, err := json.Marshal(all)
	require.NoError(c, err)
	c.send("CONNECT %s\r\nPING\r\n", text)
	for {
		line, err := c.in.ReadString('\n')
		switch {
		case err != nil:
			return err.Error()
		case strings.HasPrefix(line, "PONG"):
			return ""
		case strings.HasPrefix(line, "-ERR"):
			return line
		}
	}
}

// dialAs connects as a subscriber.
func dialAs(t testing.TB, address string, s subscriber) *rawClient {
	t.Helper()
	c := dialRaw(t, address)
	require.Empty(t, c.connect(map[string]any{"nkey": s.Key, "sig": c.sign(s.pair)}))
	return c
}

// refusal returns the next error of the server.
func (c *rawClient) refusal() string {
	for {
		if line := c.line(); strings.HasPrefix(line, "-ERR") {
			return line
		}
	}
}

// request is a message that a client sends.
type request struct {
	subject, reply, header, body string
}

func (c *rawClient) publish(r request) {
	if r.header == "" {
		c.send("PUB %s %s %d\r\n%s\r\n", r.subject, r.reply, len(r.body), r.body)
		return
	}
	header := "NATS/1.0\r\n" + r.header + "\r\n\r\n"
	c.send("HPUB %s %s %d %d\r\n%s%s\r\n", r.subject, r.reply, len(header), len(header)+len(r.body), header, r.body)
}

// heard is what a client gets after it has asked for something.
type heard struct {
	messages []string // subject, headers and body
	errors   []string
}

// sync returns what the server has sent since the last one, up to the answer to a PING.
func (c *rawClient) sync() (all heard) {
	c.send("PING\r\n")
	for {
		line := c.line()
		words := strings.Fields(line)
		switch words[0] {
		case "PONG":
			return all
		case "PING":
			c.send("PONG\r\n")
		case "-ERR":
			all.errors = append(all.errors, line)
		case "MSG", "HMSG":
			size, err := strconv.Atoi(words[len(words)-1])
			require.NoError(c, err)
			body := make([]byte, size+2)
			_, err = io.ReadFull(c.in, body)
			require.NoError(c, err)
			all.messages = append(all.messages, words[1]+" "+string(body))
		}
	}
}
