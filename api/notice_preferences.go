package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) noticePreferenceRoutes() {
	const one, all = "/members/{user}/notice-preferences", "/notice-preferences"
	define(s, spec{"change_notice_preferences", http.MethodPatch, one, notificationTag, "Choose of what a member hears, and by which channels"},
		func(c changeNoticePreferences) (domain.Command, error) {
			return domain.ChangeNoticePreferences{Member: c.User, NoticeSetting: noticeSetting(c.Kinds, c.Channels, c.To)}, nil
		})
	define(s, spec{"change_notice_defaults", http.MethodPatch, all, notificationTag, "Choose of what members hear who have not chosen"},
		func(c changeNoticeDefaults) (domain.Command, error) {
			return domain.ChangeNoticeDefaults{NoticeSetting: noticeSetting(c.Kinds, c.Channels, c.To)}, nil
		})
	read(s, route{http.MethodGet, organizationPath + one, "list_notice_preferences", notificationTag, "List of what a member hears, and by which channels"}, s.listNoticePreferences)
	read(s, route{http.MethodGet, organizationPath + all, "list_notice_defaults", notificationTag, "List of what members hear who have not chosen"}, s.listNoticeDefaults)
	read(s, route{http.MethodGet, "/v1/users/{user}/notice-preferences", "list_notice_preferences_everywhere", notificationTag, "List what a person has chosen to hear of, in all organizations that they are in"}, s.listNoticePreferencesEverywhere)
	read(s, route{http.MethodPatch, "/v1/users/{user}/notice-preferences", "change_notice_preferences_everywhere", notificationTag, "Choose of what a person hears in all organizations that they are in"}, s.changeNoticePreferencesEverywhere)
}

// changeNoticePreferences is about one member.
type changeNoticePreferences struct {
	User     events.UserID          `path:"user" json:"user" doc:"The member: whoever asks. The system may name others." maxLength:"255"`
	Kinds    []events.NoticeKind    `json:"kinds,omitzero" doc:"Which kinds; left out: all that can be switched." maxItems:"50" example:"[\"role_changed\"]"`
	Channels []events.NoticeChannel `json:"channels,omitzero" doc:"Which channels: inbox, the notifications in the product; mail. Left out: all." maxItems:"10" example:"[\"mail\"]"`
	To       string                 `json:"to" enum:"on,off,default" doc:"Whether such notices come; default: as the organization says." example:"off"`
}

// changeNoticeDefaults is about an organization.
type changeNoticeDefaults struct {
	Kinds    []events.NoticeKind    `json:"kinds,omitzero" doc:"Which kinds; left out: all that can be switched." maxItems:"50" example:"[\"role_changed\"]"`
	Channels []events.NoticeChannel `json:"channels,omitzero" doc:"Which channels: inbox, the notifications in the product; mail. Left out: all." maxItems:"10" example:"[\"mail\"]"`
	To       string                 `json:"to" enum:"on,off,default" doc:"Whether such notices come to members who have not chosen; default: changes of roles as the scheme says, all others do." example:"off"`
}

func noticeSetting(kinds []events.NoticeKind, channels []events.NoticeChannel, to string) domain.NoticeSetting {
	s := domain.NoticeSetting{Kinds: kinds, Channels: channels, To: events.NoticePreference(to)}
	if to == "default" {
		s.To = ""
	}
	return s
}

// NoticeChoice says whether notices of a kind come by a channel.
type NoticeChoice struct {
	Kind    events.NoticeKind       `json:"kind" doc:"What notices are about, as in notifications."`
	Channel events.NoticeChannel    `json:"channel" doc:"By which way they come: inbox or mail. Others may come."`
	On      bool                    `json:"on" doc:"Whether they come."`
	Own     events.NoticePreference `json:"own,omitzero" doc:"What the person chose: on or off; left out: nothing."`
	Default events.NoticePreference `json:"default,omitzero" doc:"What the organization chose: on or off; left out: nothing."`
	Fixed   bool                    `json:"fixed,omitzero" doc:"Nobody can switch them: they also go to people who are not in the organization."`
}

// noticeChoices are all kinds by all channels.
type noticeChoices struct {
	Items []NoticeChoice `json:"items"`
}

func noticeChoicesOf(org domain.Organization, user events.UserID) noticeChoices {
	var all noticeChoices
	for _, c := range org.NoticeChoices(user) {
		all.Items = append(all.Items, NoticeChoice{c.Kind, c.Channel, c.On, c.Own, c.Default, c.Fixed})
	}
	return all
}

// listNoticePreferences shows people their own.
func (s *Server) listNoticePreferences(ctx context.Context, in *MemberPath) (*answer[noticeChoices], error) {
	org, position, err := s.visibleOrganization(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	if err := (PersonPath{in.User}).authorize(ctx); err != nil {
		return nil, err
	}
	if _, joined := org.Member(in.User); !joined {
		return nil, domain.ErrNoMember
	}
	return fromMemory(org, position, noticeChoicesOf(org, in.User)), nil
}

func (s *Server) listNoticeDefaults(ctx context.Context, in *InOrganization) (*answer[noticeChoices], error) {
	org, position, err := s.visibleOrganization(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	return fromMemory(org, position, noticeChoicesOf(org, "")), nil
}

// chosenNotice is what a person has chosen in an organization.
type chosenNotice struct {
	Organization events.OrganizationID `json:"organization"`
	NoticeChoice
}

// chosenNotices are all that a person has chosen.
type chosenNotices struct {
	Items []chosenNotice `json:"items" doc:"In the order of the ids of the organizations. What the person has not chosen is left out."`
}

// listNoticePreferencesEverywhere shows people their own, and the system those of all.
func (s *Server) listNoticePreferencesEverywhere(ctx context.Context, in *PersonPath) (*answer[chosenNotices], error) {
	if err := in.authorize(ctx); err != nil {
		return nil, err
	}
	orgs, position, err := s.organizationsOf(ctx, in.User, errTooManyAtOnce.because("This user is in more than %d organizations, the most that are listed in one step; list them one by one.", maxAtOnce))
	if err != nil {
		return nil, err
	}
	all := chosenNotices{Items: []chosenNotice{}}
	for _, org := range orgs {
		for _, choice := range noticeChoicesOf(org, in.User).Items {
			if choice.Own != "" {
				all.Items = append(all.Items, chosenNotice{org.ID(), choice})
			}
		}
	}
	return &answer[chosenNotices]{Position: position, Body: all}, nil
}

type everywhereQuery struct {
	PersonPath
	Body noticesEverywhere
}

// noticesEverywhere is about all organizations that a person is in.
type noticesEverywhere struct {
	Kinds    []events.NoticeKind    `json:"kinds,omitzero" doc:"Which kinds; left out: all that can be switched." maxItems:"50" example:"[\"role_changed\"]"`
	Channels []events.NoticeChannel `json:"channels,omitzero" doc:"Which channels: inbox or mail; left out: all." maxItems:"10" example:"[\"mail\"]"`
	To       string                 `json:"to" enum:"on,off,default" doc:"Whether such notices come; default: as each organization says." example:"off"`
}

// noticesChanged names the organizations in which something changed.
type noticesChanged struct {
	Organizations []events.OrganizationID `json:"organizations" doc:"Those in which something changed, in the order of their ids."`
}

// changeNoticePreferencesEverywhere gives a command to each organization that somebody is in now. Repeated after it failed in the middle, it does the rest.
func (s *Server) changeNoticePreferencesEverywhere(ctx context.Context, in *everywhereQuery) (*answer[noticesChanged], error) {
	if err := in.authorize(ctx); err != nil {
		return nil, err
	}
	orgs, position, err := s.organizationsOf(ctx, in.User, errTooManyAtOnce.because("This user is in more than %d organizations, the most that are changed in one step; change them one by one.", maxAtOnce))
	if err != nil {
		return nil, err
	}
	if len(orgs) == 0 {
		return nil, errUnknownPerson.because("%q is in no organization, so there is nothing to switch.", in.User)
	}
	command := domain.ChangeNoticePreferences{Member: in.User, NoticeSetting: noticeSetting(in.Body.Kinds, in.Body.Channels, in.Body.To)}
	changed := noticesChanged{[]events.OrganizationID{}}
	for _, org := range orgs {
		request, err := Envelope{}.request(ctx, org.ID())
		if err != nil {
			return nil, err
		}
		request.Command = command
		receipt, err := s.Desk.Do(ctx, request)
		s.Metrics.decided([]string{"change_notice_preferences"}, outcome(receipt, err))
		if err != nil {
			return nil, err
		}
		if len(receipt.Events) > 0 {
			changed.Organizations = append(changed.Organizations, org.ID())
		}
		position = max(position, receipt.Position)
	}
	return &answer[noticesChanged]{Position: position, Body: changed}, nil
}
