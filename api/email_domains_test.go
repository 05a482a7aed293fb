package api_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// dnsServer answers questions for TXT records, until the test ends.
type dnsServer struct {
	mu      sync.Mutex
	records map[string]string
	// broken lets it answer every question with a failure.
	broken bool
}

// startDNS starts a server, and returns it with a resolver that asks it.
func startDNS(t *testing.T) (*dnsServer, *net.Resolver) {
	t.Helper()
	conn, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	require.NoError(t, err)
	s, ended := &dnsServer{records: map[string]string{}}, make(chan struct{})
	go func() {
		defer close(ended)
		s.serve(conn)
	}()
	t.Cleanup(func() {
		assert.NoError(t, conn.Close())
		<-ended
	})
	return s, &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (s *dnsServer) set(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[name+"."] = value
}

func (s *dnsServer) breakDown() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = true
}

func (s *dnsServer) serve(conn net.PacketConn) {
	buffer := make([]byte, 4096)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return // it is closed
		}
		var asked dnsmessage.Message
		if asked.Unpack(buffer[:n]) != nil || len(asked.Questions) != 1 {
			continue
		}
		if packed, err := s.answer(asked); err == nil {
			_, _ = conn.WriteTo(packed, from)
		}
	}
}

func (s *dnsServer) answer(asked dnsmessage.Message) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	question := asked.Questions[0]
	answer := dnsmessage.Message{Header: dnsmessage.Header{ID: asked.ID, Response: true, RecursionAvailable: true}, Questions: asked.Questions}
	value, is := s.records[question.Name.String()]
	switch {
	case s.broken:
		answer.RCode = dnsmessage.RCodeServerFailure
	case !is:
		answer.RCode = dnsmessage.RCodeNameError
	case question.Type == dnsmessage.TypeTXT:
		answer.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: question.Name, Type: dnsmessage.TypeTXT, Class: dnsmessage.ClassINET, TTL: 1},
			Body:   &dnsmessage.TXTResource{TXT: []string{value}},
		}}
	}
	return answer.Pack()
}

// TestJoiningByDomain follows a domain from the record in the DNS to those who join by it.
func TestJoiningByDomain(t *testing.T) {
	t.Parallel()
	dns, resolver := startDNS(t)
	h := apitest.Start(t)
	h.API.Resolver = resolver
	const org = "/v1/organizations/acme"
	h.As("").May("POST /v1/organizations", o{"id": "acme", "name": "Acme", "owner": "ada", "scheme": "owner-member"})
	h.As("").May("POST /v1/organizations", o{"id": "apex", "name": "Apex", "owner": "ada", "scheme": "owner-member"})
	ada, eve := h.As("ada"), h.As("eve")
	mine := o{"verified_emails": []string{"eve@mail.example.org", "Eve@Example.org"}, "name": "Eve Example"}

	ada.Ask("PATCH "+org+"/email-domains/gmail.com", o{}).Refused(http.StatusUnprocessableEntity, "bad_email_domain")
	ada.Ask("PATCH "+org+"/email-domains/exa%20mple", o{}).Refused(http.StatusUnprocessableEntity, "bad_email_domain").Has("detail", domain.ErrBadEmailDomain.Detail)
	ada.Ask("DELETE "+org+"/email-domains/exa%20mple", nil).Refused(http.StatusNotFound, "no_email_domain").Has("detail", domain.ErrNoEmailDomain.Detail)
	ada.Ask("PATCH "+org+"/email-domains/example.org?dry_run=true", o{"mode": "automatic", "role": "owner"}).OK().Says("dry_run.warnings.0", `"example.org" joins with the role "owner", which gives away the whole organization`)
	ada.Ask("PATCH "+org+"/email-domains/example.org?dry_run=true", o{"mode": "approval", "role": "owner"}).OK().Has("dry_run.warnings", nil)
	ada.May("PATCH "+org+"/email-domains/EXAMPLE.org", o{"mode": "automatic"})
	eve.Ask("POST "+org+"/join", mine).Refused(http.StatusNotFound, "no_organization")
	ada.Ask("POST "+org+"/email-domains/example.org/verify").Refused(http.StatusConflict, "not_proven")
	record := ada.Sees(org+"/email-domains").Has("items.0.domain", "example.org", "items.0.record.name", "_roster-challenge.example.org")
	dns.set("_roster-challenge.example.org", "another")
	ada.Ask("POST "+org+"/email-domains/example.org/verify").Refused(http.StatusConflict, "not_proven")
	dns.set("_roster-challenge.example.org", record.Text("items.0.record.value"))
	ada.May("POST " + org + "/email-domains/example.org/verify")
	ada.May("PATCH /v1/organizations/apex/email-domains/example.org", o{})
	ada.Ask("POST /v1/organizations/apex/email-domains/example.org/verify").Refused(http.StatusConflict, "not_proven")

	h.As("").Ask("POST /v1/email-domains/find", o{"user": "eve", "verified_emails": []string{"eve@example.org"}}).OK().Count(1).Has("items.0.id", "acme", "items.0.mode", "automatic", "items.0.role_label", "Member")
	h.As("").Ask("POST /v1/email-domains/find", o{"verified_emails": []string{"eve@sub.example.org"}}).OK().Count(0)
	eve.Ask("POST /v1/email-domains/find", o{"verified_emails": []string{"eve@example.org"}}).Refused(http.StatusForbidden, "system_only")
	h.As("zoe").Ask("POST "+org+"/join", o{"verified_emails": []string{"zoe@example.net"}}).Refused(http.StatusNotFound, "no_organization")
	h.As("zoe").Ask("POST /v1/organizations/nowhere/join", o{"verified_emails": []string{"zoe@example.org"}}).Refused(http.StatusNotFound, "no_organization")
	eve.May("POST "+org+"/join", mine).Has("changed", true)
	eve.May("POST "+org+"/join", mine).Has("changed", false)
	ada.Sees(org+"/members/eve").Has("email", "Eve@Example.org", "name", "Eve Example", "role", "member")
	h.As("").Ask("POST /v1/email-domains/find", o{"user": "eve", "verified_emails": []string{"eve@example.org"}}).OK().Count(0)

	ada.May("PATCH "+org+"/email-domains/example.org", o{"mode": "approval"})
	h.As("finn").May("POST "+org+"/join", o{"verified_emails": []string{"finn@example.org"}, "request": "r", "reason": "Eve is there, too."})
	ada.Sees(org+"/access-requests").Count(1).Has("items.0.user", "finn", "items.0.email", "finn@example.org")
	ada.May("POST "+org+"/access-requests/r/approve", o{})
	h.As("finn").Sees(org).Has("role", "member")

	ada.May("PATCH "+org+"/email-domains/xn--bcher-kva.example", o{})
	ada.Sees(org+"/email-domains").Has("items.0.domain", "bücher.example", "items.0.record.name", "_roster-challenge.xn--bcher-kva.example")
	dns.breakDown()
	ada.Ask("POST "+org+"/email-domains/bücher.example/verify").Refused(http.StatusServiceUnavailable, "dns_unavailable")
	ada.May("DELETE " + org + "/email-domains/bücher.example")
	assert.False(t, strings.Contains(h.As("").Sees(org+"/events").Body, "Eve is there"), "the audit log tells a reason")
}
