package projections

import (
	"context"
	"sync"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// watchers are those who want to know when somebody's notifications may have changed.
type watchers struct {
	mu     sync.Mutex
	byUser map[events.UserID]map[chan<- struct{}]struct{}
	// unfinished are the people with notices of a commit of which more are to come.
	unfinished []events.UserID
}

// Watch returns a channel that holds a value when notifications of somebody may have come, or may have been marked in this
// process. End ends that.
func (i *Inbox) Watch(user events.UserID) (changed <-chan struct{}, end func()) {
	changes := make(chan struct{}, 1)
	w := &i.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byUser[user] == nil {
		if w.byUser == nil {
			w.byUser = map[events.UserID]map[chan<- struct{}]struct{}{}
		}
		w.byUser[user] = map[chan<- struct{}]struct{}{}
	}
	w.byUser[user][changes] = struct{}{}
	return changes, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if delete(w.byUser[user], changes); len(w.byUser[user]) == 0 {
			delete(w.byUser, user)
		}
	}
}

// delivered tells those who watch for whom notices were stored up to a checkpoint.
func (w *watchers) delivered(through events.Checkpoint, stored []domain.Notice) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, user := range w.unfinished {
		w.tell(user)
	}
	w.unfinished = w.unfinished[:0]
	for i := range stored {
		user := stored[i].User
		if len(w.byUser[user]) == 0 {
			continue
		}
		if stored[i].Position > through.Position {
			w.unfinished = append(w.unfinished, user)
		}
		w.tell(user)
	}
}

// marked tells those who watch that somebody's notifications were marked.
func (w *watchers) marked(user events.UserID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tell(user)
}

func (w *watchers) tell(user events.UserID) {
	for changes := range w.byUser[user] {
		select {
		case changes <- struct{}{}:
		default:
		}
	}
}

// NotificationMark is a place between somebody's notifications, in the order in which they came: behind that of an id, or behind all of a
// commit if the id is [AfterCommit].
type NotificationMark struct {
	Position events.Position
	ID       string
}

// AfterCommit is greater than every id of a notification.
const AfterCommit = "~"

// Mark is the place behind the notification.
func (n Notification) Mark() NotificationMark { return NotificationMark{n.position, n.ID} }

// Since returns notifications of somebody's list that came behind a mark, oldest first, and whether there may be more. They are of commits up to
// a position: one that [Inbox.Position] has returned, since of later ones some may not be stored yet.
func (i *Inbox) Since(ctx context.Context, user events.UserID, behind NotificationMark, through events.Position) (found []Notification, more bool, err error) {
	s := newStatement(user, position64(events.Checkpoint{Position: behind.Position}), behind.ID, position64(events.Checkpoint{Position: through}))
	s.write(`SELECT `, notificationColumns, ` FROM roster_inbox.notification n
		WHERE n.user_id = $1 AND n.position >= $2 AND n.position <= $4 AND (n.position > $2 OR n.notice_id > $3) AND `, listed, ` ORDER BY n.position, n.notice_id`)
	s.limit(MaxUnshown)
	found, err = query(ctx, i.tables, s, scanNotification)
	return found, len(found) == MaxUnshown, err
}
