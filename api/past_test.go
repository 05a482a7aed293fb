package api

import "context"

// OccupyPast takes the place of all who may ask for the past at a time.
func OccupyPast(ctx context.Context, s *Server) (leave func()) {
	if err := s.pastSlots.free.Acquire(ctx, slotsAtOnce()); err != nil {
		panic(err) // nobody else asks
	}
	return func() { s.pastSlots.free.Release(slotsAtOnce()) }
}
