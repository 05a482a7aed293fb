package api

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// feedStatus is how far the feed has come.
type feedStatus struct {
	Position     events.Position `json:"position" doc:"Every commit up to this position is in the stream."`
	Newest       events.Position `json:"newest" doc:"The position of the newest commit."`
	Behind       events.Position `json:"behind" doc:"How many commits are not in the stream, or not known to be: 1 for up to a second after a commit, until the next heartbeat."`
	Messages     uint64          `json:"messages" doc:"How many messages the stream keeps."`
	Bytes        uint64          `json:"bytes" doc:"How large they are together."`
	Oldest       time.Time       `json:"oldest,omitzero" doc:"When the oldest of them was published; left out: there is none."`
	RebuildingTo events.Position `json:"rebuilding_to,omitzero" doc:"The position at which the stream will have been made again; left out: it is not being made again."`
}

// feedTag is the tag of the operations that need a feed.
const feedTag = "Feed"

func (s *Server) feedRoutes() {
	read(s, route{http.MethodGet, "/v1/feed", "get_feed", feedTag, "Look at how far the feed has come"}, s.getFeed)
	read(s, route{http.MethodPost, "/v1/feed/rebuild", "rebuild_feed", feedTag, "Empty the feed's stream and publish everything again, under the same ids; answered when it begins"}, s.rebuildFeed)
}

func (s *Server) getFeed(ctx context.Context, _ *struct{}) (*answer[feedStatus], error) {
	if err := s.requireFeed(ctx); err != nil {
		return nil, err
	}
	status, err := s.Feed.Status(ctx)
	if err != nil {
		return nil, err
	}
	newest := s.Desk.View().Position
	return &answer[feedStatus]{Position: newest, Body: feedStatus{status.Position, newest, newest - min(newest, status.Position), status.Messages, status.Bytes, status.Oldest, status.RebuildingTo}}, nil
}

func (s *Server) rebuildFeed(ctx context.Context, in *struct{}) (*answer[feedStatus], error) {
	if err := s.requireFeed(ctx); err != nil {
		return nil, err
	}
	if _, err := s.Feed.Rebuild(ctx); err != nil {
		return nil, err
	}
	return s.getFeed(ctx, in)
}

// requireFeed fails for users, and if the server publishes no feed.
func (s *Server) requireFeed(ctx context.Context) error {
	switch {
	case requestFrom(ctx).actor != events.System:
		return errSystemOnly
	case s.Feed == nil:
		return errNoFeed
	}
	return nil
}
