package soak

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// upgrade is the program of an earlier version and this one on one ledger and one database. The
// servers of one version take the place of those of the other while clients go on.
type upgrade struct {
	parts             parts
	previous, current process
}

func (u *upgrade) start(ctx context.Context, dir string) error {
	if u.previous.program == "" {
		return &skipError{"there is no program of the previous version"}
	}
	if err := u.parts.start(ctx, dir); err != nil {
		return err
	}
	flags, err := u.parts.flags()
	if err != nil {
		return err
	}
	u.previous.data, u.current.data = filepath.Join(dir, "previous"), filepath.Join(dir, "current")
	u.previous.flags, u.current.flags = flags, flags
	if err := u.previous.begin(ctx); err != nil {
		return err
	}
	return shareMasterKey(u.previous.data, u.current.data)
}

// server implements [subject]: requests take turns between the servers that there are.
func (u *upgrade) server(n int) (Server, bool) {
	var there []Server
	for _, p := range []*process{&u.previous, &u.current} {
		if s, serves := p.server(n); serves {
			there = append(there, s)
		}
	}
	if len(there) == 0 {
		return Server{}, false
	}
	return there[n%len(there)], true
}

// besideFor is how long both versions serve side by side.
const besideFor = 2 * time.Second

// disturb starts this version beside the previous one, stops that, and goes back again.
func (u *upgrade) disturb(ctx context.Context, w *Workload) (ended time.Time, err error) {
	for _, step := range []struct{ from, to *process }{{&u.previous, &u.current}, {&u.current, &u.previous}} {
		if err := step.to.begin(ctx); err != nil {
			return time.Time{}, fmt.Errorf("the two versions do not serve side by side: if that is meant, move the previous one on, and say that this upgrade does not roll: %w", err)
		}
		w.goOn(ctx, "commands with two versions", noticeTimeout, commands)
		sleep(ctx, besideFor)
		if err := step.from.stop(); err != nil {
			return time.Time{}, err
		}
		w.goOn(ctx, "commands after a version has stopped", noticeTimeout, commands)
	}
	return time.Now(), nil
}

func (u *upgrade) ledger() (address string, verify []string) {
	return u.parts.nats.URL(), u.parts.verify(u.previous.data)
}

func (u *upgrade) stop() error {
	return errors.Join(u.previous.stop(), u.current.stop(), u.parts.stop())
}
