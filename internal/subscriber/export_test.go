package subscriber

import (
	"context"
)

// Readers is what is known of the consumers that readers have of their own.
type Readers = map[string]floor

// CheckConsumers looks at the consumers once.
func (s *Service) CheckConsumers(ctx context.Context, readers Readers) error {
	return s.checkConsumers(ctx, readers)
}
