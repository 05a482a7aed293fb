package conformance

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// person makes requests on behalf of a user; an empty user is the system.
type person struct {
	p    *Product
	user string
}

// may asserts that the request "METHOD /path" succeeds. A path is below that of the
// organization unless it begins with /v1.
func (a person) may(what string, body ...o) reply {
	r := a.ask(what, body...)
	if r.status >= http.StatusMultipleChoices {
		r.fail("it succeeds")
	}
	return r
}

// sees is may for a GET request.
func (a person) sees(path string) reply { return a.may("GET " + path) }

// mayNot asserts that a request is refused with a code.
func (a person) mayNot(what, code string, body ...o) reply {
	r := a.ask(what, body...)
	if r.status < http.StatusBadRequest || r.at("code") != code {
		r.fail("it is refused as " + code)
	}
	return r
}

// seesNo asserts that a GET request answers 404 with a code.
func (a person) seesNo(path, code string) {
	if r := a.mayNot("GET "+path, code); r.status != http.StatusNotFound {
		r.fail("it is not found")
	}
}

func (a person) ask(what string, body ...o) reply {
	method, path, _ := strings.Cut(what, " ")
	if !strings.HasPrefix(path, "/v1") {
		path = "/v1/organizations/" + a.p.org + path
	}
	var text []byte
	if len(body) > 0 {
		var err error
		if text, err = json.Marshal(body[0], json.Deterministic(true)); err != nil {
			fail("write the body of %s: %v", what, err)
		}
	}
	request, err := http.NewRequestWithContext(a.p.ctx, method, a.p.server.URL+path, bytes.NewReader(text))
	if err != nil {
		fail("ask %s: %v", what, err)
	}
	request.Header.Set("Authorization", "Bearer "+a.p.server.Key)
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	if a.user != "" {
		request.Header.Set("Roster-Actor", a.user)
	}
	if method == http.MethodGet {
		request.Header.Set("Roster-Min-Position", strconv.FormatUint(a.p.seen, 10))
	}
	answer, err := a.p.server.Client.Do(request)
	if err != nil {
		fail("ask %s: %v", what, err)
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		fail("read the answer to %s: %v", what, err)
	}
	if position, err := strconv.ParseUint(answer.Header.Get("Roster-Position"), 10, 64); err == nil {
		a.p.seen = max(a.p.seen, position)
	}
	return a.reply(what, text, answer, read)
}

func (a person) reply(what string, asked []byte, answer *http.Response, body []byte) reply {
	who := a.user
	if who == "" {
		who = "the system"
	}
	if len(asked) > 0 {
		what += " " + string(asked)
	}
	r := reply{asked: who + " asks " + what, status: answer.StatusCode, body: body}
	if strings.Contains(answer.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(body, &r.value); err != nil {
			r.fail("JSON")
		}
	}
	return r
}
