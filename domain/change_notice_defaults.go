package domain

import "github.com/seed-2026d078/roster/events"

// ChangeNoticeDefaults says of what members hear who have not chosen.
type ChangeNoticeDefaults struct{ NoticeSetting }

// Decide lets those do it who may rename the organization.
func (c ChangeNoticeDefaults) Decide(org Organization, m events.Moment) (happened []events.Event, err error) {
	if err := org.Authorize(m.Actor, RenamingOrganization, About{}); err != nil {
		return nil, byRule(err, "Those choose of what members hear who may rename the organization")
	}
	ways, err := c.ways()
	if err != nil {
		return nil, err
	}
	for _, way := range ways {
		if from := org.noticeDefaults[way]; from != c.To {
			happened = append(happened, events.NoticeDefaultChanged{Kind: way.kind, Channel: way.channel, From: from, To: c.To})
		}
	}
	return happened, nil
}
