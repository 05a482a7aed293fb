package api

import (
	"io"
	"net/http"
	"time"
)

// clientTimeout is how long a client may keep the server waiting by default.
const clientTimeout = 30 * time.Second

// clientRate is the bytes for each of which a client has another second.
const clientRate = 64 << 10

// clientTime returns how long a client may take to send, or to receive, so many bytes.
func (c *Config) clientTime(bytes int64) time.Duration {
	return c.ClientTimeout + time.Duration(bytes)*time.Second/clientRate
}

// connection answers one request. It gives up on a client that does not send or does not read,
// and remembers the status of the answer.
type connection struct {
	http.ResponseWriter

	config     *Config
	answering  func()                   // is called before an answer is written
	controller *http.ResponseController // of the ResponseWriter; in tests it may have no deadlines
	bodyEnd    time.Time                // by when the client must have sent the body
	status     int
}

func newConnection(w http.ResponseWriter, config *Config, answering func()) *connection {
	return &connection{ResponseWriter: w, config: config, answering: answering, controller: http.NewResponseController(w)}
}

// timeBody sets a deadline for the body of a request, whatever the route does with it: what a
// route leaves unread, net/http reads.
func (c *connection) timeBody(r *http.Request) {
	if r.ContentLength == 0 {
		return
	}
	size := r.ContentLength
	if size < 0 || size > maxBody { // unknown, or refused before all of it is read
		size = maxBody
	}
	c.bodyEnd = time.Now().Add(c.config.clientTime(size))
	_ = c.controller.SetReadDeadline(c.bodyEnd)
	r.Body = &timedBody{r.Body, c.controller}
}

// timedBody is a body that has a deadline until it is read to its end. At a deadline
// afterwards, net/http would end the context of the request.
type timedBody struct {
	io.ReadCloser

	controller *http.ResponseController
}

func (b *timedBody) Read(p []byte) (n int, err error) {
	if n, err = b.ReadCloser.Read(p); err == io.EOF {
		_ = b.controller.SetReadDeadline(time.Time{})
	}
	return n, err
}

// SetReadDeadline keeps the deadline of the body: huma would set another one.
func (c *connection) SetReadDeadline(time.Time) error { return nil }

// WriteHeader keeps the first status: huma sets another one where a client is gone before it has the answer.
func (c *connection) WriteHeader(status int) {
	begun := c.status != 0
	c.timeWrite(status, 0)
	if !begun {
		c.ResponseWriter.WriteHeader(status)
	}
}

func (c *connection) Write(p []byte) (int, error) {
	c.timeWrite(http.StatusOK, len(p))
	return c.ResponseWriter.Write(p)
}

// timeWrite sets a deadline for what is written next. Before the first of it, net/http waits
// for the end of the body.
func (c *connection) timeWrite(status, size int) {
	if c.status == 0 {
		c.status = status
		c.answering()
	}
	from := time.Now()
	if c.bodyEnd.After(from) {
		from = c.bodyEnd
	}
	_ = c.controller.SetWriteDeadline(from.Add(c.config.clientTime(int64(size))))
}

// Unwrap lets [http.ResponseController] reach the connection.
func (c *connection) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *connection) code() int {
	if c.status == 0 {
		return http.StatusOK
	}
	return c.status
}
