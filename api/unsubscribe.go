package api

import (
	"errors"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// unsubscribePath is where requests of mail programs go, with a token behind it.
const unsubscribePath = "/v1/unsubscribe/"

func (s *Server) unsubscribeRoutes() {
	s.handleRaw(route{http.MethodPost, unsubscribePath + "{token}", "unsubscribe", mailTag, "Switch off the kind of mails that a mail is of, as mail programs do with one click"}, huma.Operation{
		Description: "The token, which a mail has in its header List-Unsubscribe, says whose mails, of which kind, and in which organization. Whatever is in the body is not read. Repeated, it changes nothing.",
		Security:    noKey,
		Parameters:  []*huma.Param{{Name: "token", In: "path", Required: true, Description: "What stands behind /unsubscribe/ in the header.", Schema: &huma.Schema{Type: huma.TypeString}}},
		Responses:   okResponse("application/json", "What is switched off", s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[unsubscribed](), true, "")),
	}, s.unsubscribe)
}

// unsubscribed says which mails do not come any more, and not whose.
type unsubscribed struct {
	Kind    events.NoticeKind    `json:"kind" doc:"What the mails were about."`
	Channel events.NoticeChannel `json:"channel" doc:"mail."`
}

// unsubscribe gives the command on behalf of the person, since who is deactivated, or whose membership has not started, may give none and yet gets mails
// later. If they are not in the organization any more, nothing is left to switch off.
func (s *Server) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := requestFrom(ctx)
	u, is := s.Keyring.Unsubscription(r.PathValue("token")) // nobody guesses one, so wrong ones need no limit
	if !is {
		return errBadUnsubscribe
	}
	q.actor = u.User
	if err := s.limitRate(w, r, q.actor); err != nil {
		return err
	}
	request, err := Envelope{Cause: "the link in a mail"}.request(ctx, u.Organization)
	if err != nil {
		return err
	}
	request.Actor, request.OnBehalfOf = events.System, u.User
	request.Command = domain.ChangeNoticePreferences{Member: u.User, NoticeSetting: domain.NoticeSetting{
		Kinds: []events.NoticeKind{u.Kind}, Channels: []events.NoticeChannel{events.MailChannel}, To: events.NoticesOff,
	}}
	receipt, err := s.Desk.Do(ctx, request)
	s.Metrics.decided([]string{"change_notice_preferences"}, outcome(receipt, err))
	if err != nil && !errors.Is(err, domain.ErrNoOrganization) && !errors.Is(err, domain.ErrNoMember) {
		return err
	}
	return writeJSON(w, http.StatusOK, unsubscribed{u.Kind, events.MailChannel})
}
