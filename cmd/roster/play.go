package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// maxBulk is the most commands that the server takes at once.
const maxBulk = 1000

// player gives a server the lines of a trace as bulks of commands: one for each
// commit of the source and organization, or more where it is long.
type player struct {
	*client
	summary

	teams teamNames
	bulk  []played
	told  map[string]bool // organizations that got a command
}

// played is a line on its way to the server.
type played struct {
	line
	command
}

// play gives the server every line that it does not have yet.
func (p *player) play(ctx context.Context, t *trace, shown *progress) error {
	defer shown.finish()
	var known struct {
		Organizations map[string]uint64 `json:"organizations"`
	}
	if err := p.get(ctx, path("imports", p.Source), nil, &known); err != nil {
		return err
	}
	for l, err := range t.lines() {
		if err != nil {
			return cmp.Or(p.send(ctx), err)
		}
		if !p.fits(l) {
			if err := p.send(ctx); err != nil {
				return err
			}
			shown.show(t.read, t.size, fmt.Sprintf("%d lines", p.Lines+p.Skipped))
		}
		c, err := translate(l, p.teams)
		if err != nil {
			return cmp.Or(p.send(ctx), error(&lineError{l.number, err}))
		}
		if l.Seq <= known.Organizations[l.Org] {
			p.Skipped++
			continue
		}
		p.bulk = append(p.bulk, played{l, c})
	}
	return p.send(ctx)
}

// fits tells whether a line can go into the bulk that is being filled.
func (p *player) fits(l line) bool {
	if len(p.bulk) == 0 {
		return true
	}
	first := p.bulk[0]
	return len(p.bulk) < maxBulk && l.Org == first.Org && l.Commit == first.Commit && l.Time.Equal(first.Time)
}

// send gives the server the bulk. Where it refuses a line, those before it are
// sent alone.
func (p *player) send(ctx context.Context) error {
	if len(p.bulk) == 0 {
		return nil
	}
	err := p.sendLines(ctx, p.bulk)
	if i, reason, refused := refusedItem(err); refused && i < len(p.bulk) {
		err = &lineError{p.bulk[i].number, reason}
		if i > 0 {
			err = cmp.Or(p.sendLines(ctx, p.bulk[:i]), err)
		}
	}
	p.bulk = p.bulk[:0]
	return err
}

func (p *player) sendLines(ctx context.Context, lines []played) error {
	first, last := lines[0], lines[len(lines)-1]
	request := struct {
		Commands []command `json:"commands"`
		Import   struct {
			Source  string `json:"source"`
			Through uint64 `json:"through"`
		} `json:"import"`
	}{}
	for _, each := range lines {
		request.Commands = append(request.Commands, each.command)
	}
	request.Import.Source, request.Import.Through = p.Source, last.Seq
	query := url.Values{
		"occurred_at": {moment(first.Time)},
		"cause":       {"commit " + first.Commit},
	}
	var answer struct {
		Events []struct{} `json:"events"`
	}
	began := time.Now()
	err := p.do(ctx, http.MethodPost, path("organizations", first.Org, "commands"), query, request, &answer)
	p.Served += time.Since(began).Seconds()
	if err != nil {
		return whichLines(lines, err)
	}
	p.Lines += len(lines)
	p.Commands++
	p.Events += len(answer.Events)
	if p.told == nil {
		p.told = map[string]bool{}
	}
	p.told[first.Org] = true
	p.Organizations = len(p.told)
	return nil
}

// whichLines adds to a refusal that names no item which lines it is about.
func whichLines(lines []played, err error) error {
	_, _, item := refusedItem(err)
	refused, ok := errors.AsType[*problem](err)
	if item || !ok || refused.Status >= http.StatusInternalServerError {
		return err
	}
	return fmt.Errorf("lines %d to %d: %w", lines[0].number, lines[len(lines)-1].number, err)
}

// visible returns once the lists show everything that was imported.
func (p *player) visible(ctx context.Context) error {
	err := p.get(ctx, path("organizations"), url.Values{"limit": {"1"}}, nil)
	if err != nil {
		return fmt.Errorf("everything is imported, but lists do not show it yet: %w", err)
	}
	return nil
}
