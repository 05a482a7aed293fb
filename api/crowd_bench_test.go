package api_test

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// crowd is an organization with two million pairs of a person and a project: 20,000 members,
// of whom 10,000 are in one team that is assigned to all of 200 projects.
func crowd(b *testing.B, system apirequest.Actor) string {
	b.Helper()
	const org = "/v1/organizations/crowd"
	system.May("POST /v1/organizations", o{"id": "crowd", "scheme": "github", "owner": "ada"})
	system.May("POST "+org+"/teams", o{"id": "crew", "name": "Crew"})
	var all []o
	for i := range 200 {
		id := fmt.Sprintf("p%03d", i)
		all = append(all, o{"type": "create_project", "id": id}, o{"type": "assign_team", "team": "crew", "project": id, "role": "write"})
	}
	for i := range 20_000 {
		id := fmt.Sprintf("u%05d", i)
		all = append(all, o{"type": "add_member", "user": id, "name": "Name of " + id})
		if i < 10_000 {
			all = append(all, o{"type": "add_team_member", "team": "crew", "user": id})
		} else {
			all = append(all, o{"type": "add_project_member", "project": fmt.Sprintf("p%03d", i%200), "user": id, "role": "read"})
		}
	}
	for part := range slices.Chunk(all, 1000) {
		system.May("POST "+org+"/commands", o{"commands": part})
	}
	return org
}

// BenchmarkCrowd asks what costs the most, and what checks and commands of another
// organization take meanwhile. It reports how many times the p99 grows, compared with the
// mean of before and afterwards.
func BenchmarkCrowd(b *testing.B) {
	h, other := githubOrganization(b)
	org := crowd(b, h.As(""))
	h.As("ada").Sees(org + "/members")
	questions := []string{
		"GET " + org + "/reports/projects-per-member", "GET " + org + "/reports/broad-access", "GET " + org + "/reports/project-admins",
		"GET " + org + "/reports/unreviewed-access", "GET " + org + "/reports/unreviewed-access?days=0&limit=200", "DELETE " + org + "/teams/crew?dry_run=true",
	}
	for _, question := range questions {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		took := timeOf(func() { h.As("ada").Ask(question).OK() })
		runtime.ReadMemStats(&after)
		b.Logf("%-70s %6d ms, %4d MB allocated", question, took.Milliseconds(), (after.TotalAlloc-before.TotalAlloc)>>20)
	}
	check := func(a apirequest.Actor) {
		a.May("POST /v1/access:check", o{"questions": []o{{"organization": "acme", "user": "bob", "project": "apollo", "permission": "code", "level": "full"}}})
	}
	command := func(a apirequest.Actor) { a.May("PATCH "+other, o{"name": fmt.Sprint(time.Now())}) }
	measure := func(of string) (checks, commands time.Duration) {
		var c, d []time.Duration
		for began := time.Now(); time.Since(began) < 5*time.Second; time.Sleep(2 * time.Millisecond) {
			a := h.Server.As(b, "ada")
			c = append(c, timeOf(func() { check(a) }))
			d = append(d, timeOf(func() { command(a) }))
		}
		for _, all := range [][]time.Duration{c, d} {
			slices.Sort(all)
		}
		b.Logf("%s: checks p50 %v p99 %v, commands p50 %v p99 %v, %d each", of, c[len(c)/2], c[len(c)*99/100], d[len(d)/2], d[len(d)*99/100], len(c))
		return c[len(c)*99/100], d[len(d)*99/100]
	}
	quietChecks, quietCommands := measure("alone, before")
	var busy sync.WaitGroup
	over, asked := make(chan struct{}), make(chan int, 4)
	for range 4 {
		busy.Go(func() {
			n := 0
			for a := h.Server.As(b, "ada"); ; n++ {
				select {
				case <-over:
					asked <- n
					return
				default:
				}
				if r := a.Ask(questions[n%len(questions)]); r.Status != http.StatusOK && r.Status != http.StatusServiceUnavailable {
					b.Error(r)
				}
			}
		})
	}
	checks, commands := measure("with four who ask")
	close(over)
	busy.Wait()
	close(asked)
	for n := range asked {
		b.Log("questions meanwhile: ", n)
	}
	laterChecks, laterCommands := measure("alone, afterwards")
	b.ReportMetric(2*float64(checks)/float64(quietChecks+laterChecks), "checks-p99")
	b.ReportMetric(2*float64(commands)/float64(quietCommands+laterCommands), "commands-p99")
}
