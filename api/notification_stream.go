package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// notificationStreamRoute registers the list, which is also a stream.
func (s *Server) notificationStreamRoute(r route) {
	op := r.operation()
	op.Middlewares = huma.Middlewares{s.followNotifications}
	register(s, op, withTimeout(s, r.name, s.listNotifications))
	documented := operationAt(s.huma.OpenAPI(), r.method, r.path)
	documented.Responses["200"].Content[eventStream] = &huma.MediaType{Schema: &huma.Schema{
		Type: huma.TypeString, Description: "Server-sent events; resume with Last-Event-ID. It begins with how many are unread.",
	}}
}

// followNotifications answers a request for list_notifications that accepts a stream.
func (s *Server) followNotifications(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	if !wantsStream(r) {
		next(ctx)
		return
	}
	if err := s.streamNotifications(w, r); err != nil {
		s.refuse(w, r, err)
	}
}

// notificationUpdate is what the stream of somebody's notifications carries.
type notificationUpdate struct {
	Notification *notification `json:"notification,omitzero" doc:"One that has come; left out: how many are unread has changed, or the stream begins."`
	Unread       int           `json:"unread" doc:"How many of the list were not marked as shown."`
	More         bool          `json:"more,omitzero" doc:"There are more unread: not all are counted."`
}

// streamNotifications sends notifications as they come. It ends when the client disconnects, or the server closes.
func (s *Server) streamNotifications(w http.ResponseWriter, r *http.Request) error {
	of := PersonPath{events.UserID(r.PathValue("user"))}
	if err := firstError(of.authorize(r.Context()), queryOf(r).err); err != nil {
		return err
	}
	inbox := s.Database.Inbox()
	changed, end := inbox.Watch(of.User)
	defer end()
	behind := projections.NotificationMark{Position: inbox.Position(), ID: projections.AfterCommit}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		var err error
		if behind, err = readNotificationMark(last); err != nil {
			return err
		}
	}
	release, err := s.streams.admit(of.User)
	if err != nil {
		s.Metrics.streamsRefused.Inc()
		return err
	}
	defer release()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.streams.closing, cancel)() //nolint:contextcheck // it is another reason to end
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	f := notificationFollower{s, &stream{w, http.NewResponseController(w), 0, 0}, of.User, behind, unreadCount{Unread: -1}}
	if err := f.run(ctx, changed); ctx.Err() == nil {
		s.Log.WarnContext(ctx, "a stream of notifications broke off", "request", requestFrom(ctx).id, "error", err)
	}
	return nil
}

// readNotificationMark reads the id of an event of the stream.
func readNotificationMark(text string) (projections.NotificationMark, error) {
	number, id, is := strings.Cut(text, ".")
	position, err := strconv.ParseInt(number, 10, 64)
	if !is || err != nil || position < 0 || id == "" {
		return projections.NotificationMark{}, errMalformed.because("Last-Event-ID is an id as the stream carries it, not %q.", text)
	}
	return projections.NotificationMark{Position: events.Position(position), ID: id}, nil
}

// notificationFollower is a stream of somebody's notifications that is being sent.
type notificationFollower struct {
	server *Server
	out    *stream
	user   events.UserID
	// behind is the place of the last notification that was sent or left out, and count what was said last.
	behind projections.NotificationMark
	count  unreadCount
}

// run looks when something has changed, and with each heartbeat, since another server may have marked some. It ends with the context, or with an
// error; a client resumes.
func (f *notificationFollower) run(ctx context.Context, changed <-chan struct{}) error {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		if err := f.sendNews(ctx); err != nil {
			return err
		}
		if err := f.out.Flush(); err != nil {
			return err
		}
		select {
		case <-changed:
		case <-beat.C:
			if err := f.out.comment("still here"); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// sendNews sends what has come, and how many are unread, if that is another number. Nothing is held while the client reads.
func (f *notificationFollower) sendNews(ctx context.Context) error {
	for more := true; more; {
		var found []projections.Notification
		var count unreadCount
		if err := f.server.readPage(ctx, "", func(ctx context.Context) (err error) {
			found, count, more, err = f.news(ctx)
			return err
		}); err != nil {
			return err
		}
		for _, n := range found {
			f.behind = n.Mark()
			if !f.server.listsNotification(ctx, n) {
				continue
			}
			shown, err := f.server.readNotification(ctx, n)
			if err != nil {
				return err
			}
			if err := f.write("notification", &shown, count); err != nil {
				return err
			}
		}
		if !more && count != f.count {
			if err := f.write("unread", nil, count); err != nil {
				return err
			}
		}
	}
	return nil
}

// news reads what has come, how many are unread, and whether there may be more.
func (f *notificationFollower) news(ctx context.Context) (found []projections.Notification, count unreadCount, more bool, err error) {
	inbox := f.server.Database.Inbox()
	through := inbox.Position()
	if err := f.server.Desk.Wait(ctx, through); err != nil { // it says what the person sees
		return nil, count, false, err
	}
	if found, more, err = inbox.Since(ctx, f.user, f.behind, through); err != nil {
		return nil, count, false, err
	}
	count, err = f.server.unread(ctx, f.user)
	return found, count, more, err
}

func (f *notificationFollower) write(kind string, n *notification, count unreadCount) error {
	text, err := json.Marshal(notificationUpdate{n, count.Unread, count.More})
	if err != nil {
		return err
	}
	f.count = count
	_, err = fmt.Fprintf(f.out, "id: %d.%s\nevent: %s\ndata: %s\n\n", f.behind.Position, f.behind.ID, kind, text)
	return err
}
