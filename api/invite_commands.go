package api

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/keyring"
)

type inviteMember struct {
	ID       events.InviteID  `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Email    string           `json:"email" doc:"The email address to invite." maxLength:"320" example:"eve@example.org"`
	Role     events.RoleKey   `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	User     events.UserID    `json:"user,omitzero" doc:"The user whom it is for, if known: then nobody else can accept it." maxLength:"255"`
	Levels   events.Levels    `json:"levels,omitzero" doc:"The person's own levels in the organization, if the role allows own levels."`
	From     time.Time        `json:"from,omitzero" doc:"When the membership will start; left out, or past by then: when the invite is accepted."`
	Until    time.Time        `json:"until,omitzero" doc:"When the membership will end; left out: never."`
	Projects []invitedProject `json:"projects,omitzero" doc:"Joined on acceptance." maxItems:"1000"`
	Teams    []invitedTeam    `json:"teams,omitzero" doc:"Joined on acceptance." maxItems:"1000"`
	Message  string           `json:"message,omitzero" doc:"What the sender says to whoever it is for." maxLength:"2000" example:"Welcome to Acme!"`

	Expires time.Time `json:"expires_at,omitzero" doc:"When the offer ends, within 90 days; left out: what the scheme says."`

	IfInvited string `json:"if_invited,omitzero" enum:"refuse,update" doc:"What happens if the address has an open invite: refuse, nothing; update, that one offers this from now on, and is sent again with a new token. Left out: refuse."`

	Bind events.InviteBind `json:"bind,omitzero" enum:"address,user,anyone" doc:"Who can accept it: address, whoever has the address as a verified one; user, the user alone; anyone, whoever has the token. Left out: the user, if one is named, and otherwise what the scheme says, which is address by default."`
}

type invitedProject struct {
	Project events.ProjectID `json:"project"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	Levels  events.Levels    `json:"levels,omitzero" doc:"The person's own levels on the project, if the role allows own levels."`
}

type invitedTeam struct {
	Team events.TeamID  `json:"team"`
	Role events.RoleKey `json:"role,omitzero" doc:"In the team; left out: the scheme's default."`
}

func projectRolesOf(projects []invitedProject) (all []events.ProjectRole) {
	for _, p := range projects {
		all = append(all, events.ProjectRole(p))
	}
	return all
}

func teamRolesOf(teams []invitedTeam) (all []events.TeamRole) {
	for _, t := range teams {
		all = append(all, events.TeamRole(t))
	}
	return all
}

// updateInvite is the value of if_invited that changes an open invite.
const updateInvite = "update"

func buildInviteMember(ctx context.Context, b *commandBuilder, c inviteMember) (domain.Command, error) {
	drafted, err := b.draftInvite(c, newInvite())
	if err != nil {
		return nil, err
	}
	return b.sealInvite(ctx, drafted)
}

// newInvite returns the id of an invite that is not there yet.
func newInvite() events.InviteID { return events.InviteID(ulid.Make().String()) }

// draftedInvite is an invite with its texts as they were before they are sealed.
type draftedInvite struct {
	domain.InviteMember

	email, message string
	// key has sealed them, if they are in a list.
	key keyring.NewKey
}

// draftInvite makes an invite of what was sent, but for what is sealed. It has a new id where none was sent. Several goroutines may draft.
func (b *commandBuilder) draftInvite(c inviteMember, id events.InviteID) (draftedInvite, error) {
	email, err := readEmail(c.Email)
	if err != nil {
		return draftedInvite{}, err
	}
	if email == "" {
		return draftedInvite{}, errBadEmail
	}
	message, err := readMessage(c.Message)
	if err != nil {
		return draftedInvite{}, err
	}
	address := b.addressHash(email)
	open, invited := b.state.Organization(b.org).InviteTo(address)
	update := invited && c.IfInvited == updateInvite && (c.ID == "" || c.ID == open)
	if update {
		id = open
	} else if c.ID != "" {
		id = c.ID
	}
	nonce, token := b.inviteToken(id)
	return draftedInvite{domain.InviteMember{
		Invite: id, Role: c.Role, Address: address, Update: update, Nonce: nonce, Token: token, Bind: c.Bind, Expires: events.Instant(c.Expires),
		Member: c.User, Levels: c.Levels, From: events.Instant(c.From), Until: events.Instant(c.Until), Projects: projectRolesOf(c.Projects), Teams: teamRolesOf(c.Teams),
	}, email, message, keyring.NewKey{}}, nil
}

// sealInvite returns an invite with its texts encrypted by a key of the invite, since the user is not
// known yet.
func (b *commandBuilder) sealInvite(ctx context.Context, d draftedInvite) (domain.Command, error) {
	invite, person := d.InviteMember, keyring.InvitePerson(d.Invite)
	var err error
	if invite.Email, err = b.seal(ctx, person, d.email); err != nil {
		return nil, err
	}
	invite.Message, err = b.seal(ctx, person, d.message)
	return invite, err
}

// sealAhead encrypts the texts of the invite with a key that is not stored yet. Several goroutines may seal.
func (d *draftedInvite) sealAhead(b *commandBuilder) (err error) {
	d.key, err = b.keys.NewKey(b.org, keyring.InvitePerson(d.Invite))
	if err == nil {
		d.Email, d.Message = d.key.Seal(d.email), d.key.Seal(d.message)
	}
	return err
}

type revokeInvite struct {
	Invite events.InviteID `path:"invite" json:"invite" doc:"The invite." maxLength:"255"`
}

type changeInvite struct {
	Invite   events.InviteID               `path:"invite" json:"invite" doc:"The invite." maxLength:"255"`
	Role     fieldChange[events.RoleKey]   `json:"role,omitzero" doc:"In the organization. Null: the scheme's default; left out: stays."`
	Levels   fieldChange[events.Levels]    `json:"levels,omitzero" doc:"All of the person's own levels in the organization, if the role allows own levels. Null or none: those of the role; left out: stay, if the role allows them."`
	From     fieldChange[time.Time]        `json:"from,omitzero" doc:"When the membership will start. Null, or past by then: when the invite is accepted; left out: stays."`
	Until    fieldChange[time.Time]        `json:"until,omitzero" doc:"When the membership will end. Null: never; left out: stays."`
	Projects fieldChange[[]invitedProject] `json:"projects,omitzero" doc:"All that are joined on acceptance. Null or none: no project; left out: those that there are still stay." maxItems:"1000"`
	Teams    fieldChange[[]invitedTeam]    `json:"teams,omitzero" doc:"All that are joined on acceptance. Null or none: no team; left out: those that there are still stay." maxItems:"1000"`
	Message  string                        `json:"message,omitzero" doc:"What the sender says now; left out: what was said before." maxLength:"2000" example:"You can see the reports, too."`
}

func buildChangeInvite(ctx context.Context, b *commandBuilder, c changeInvite) (domain.Command, error) {
	message, err := readMessage(c.Message)
	if err != nil {
		return nil, err
	}
	open, _ := b.state.Organization(b.org).Invite(c.Invite)
	said, err := b.sealAgain(ctx, keyring.InvitePerson(c.Invite), message, open.Message)
	return domain.ChangeInvite{
		Invite: c.Invite, Role: c.Role.given(), Levels: c.Levels.given(), From: converted(c.From, events.Instant), Until: converted(c.Until, events.Instant),
		Projects: converted(c.Projects, projectRolesOf), Teams: converted(c.Teams, teamRolesOf), Message: said,
	}, err
}

type resendInvite struct {
	Invite  events.InviteID `path:"invite" json:"invite" doc:"The invite." maxLength:"255"`
	Message string          `json:"message,omitzero" doc:"What the sender says now; left out: what was said before." maxLength:"2000" example:"The last one has expired."`
	Expires time.Time       `json:"expires_at,omitzero" doc:"When the offer ends, within 90 days; left out: what the scheme says."`
}

func buildResendInvite(ctx context.Context, b *commandBuilder, c resendInvite) (domain.Command, error) {
	message, err := readMessage(c.Message)
	if err != nil {
		return nil, err
	}
	said, err := b.seal(ctx, keyring.InvitePerson(c.Invite), message)
	nonce, token := b.inviteToken(c.Invite)
	return domain.ResendInvite{Invite: c.Invite, Nonce: nonce, Token: token, Message: said, Expires: events.Instant(c.Expires)}, err
}

// inviteProof returns what a person shows for an invite, as the domain compares it. It fails with errWrongTokens if the client that shows the
// token has sent too many wrong ones; the domain refuses a wrong one.
func (b *commandBuilder) inviteProof(ctx context.Context, token, client string, verifiedEmails []string) (domain.InviteProof, error) {
	var proof domain.InviteProof
	if token != "" {
		if _, err := b.tries.inviteBy(b.state, requestFrom(ctx), token, client); errors.Is(err, errWrongTokens) {
			return proof, err
		}
		proof.Token = events.Sum([]byte(token))
	}
	if verifiedEmails != nil {
		proof.Addresses = []events.AddressHash{} // that there are none is said, too
	}
	for _, text := range verifiedEmails {
		email, err := readEmail(text)
		if err != nil {
			return proof, err
		}
		if email != "" {
			proof.Addresses = append(proof.Addresses, b.addressHash(email))
		}
	}
	return proof, nil
}

type acceptInvite struct {
	Invite         events.InviteID `path:"invite" json:"invite" doc:"The invite." maxLength:"255"`
	User           events.UserID   `json:"user,omitzero" doc:"Who joins; left out: the actor." maxLength:"255"`
	Token          string          `json:"token,omitzero" doc:"The secret of the invite. The system needs none; if it sends one, it must be right." maxLength:"255" example:"oq3Vb0SgWXJZ4mN1yK7c2uT9rEfLhPdA6iQxB8wCzDM"`
	VerifiedEmails []string        `json:"verified_emails,omitzero" doc:"The email addresses of the person that you have verified. An invite that is bound to its address is accepted with that one alone; an empty list says that there are none." maxItems:"100" example:"eve@example.org"`
	Login          string          `json:"login,omitzero" doc:"The spelling that people see." example:"Eve"`
	Name           string          `json:"name,omitzero" maxLength:"255" example:"Eve Example"`
	Client         string          `json:"client,omitzero" doc:"The network address of whoever shows the token, so that wrong ones slow down nobody else; left out: yours." maxLength:"255" example:"192.0.2.7"`
}

func buildAcceptInvite(ctx context.Context, b *commandBuilder, c acceptInvite) (domain.Command, error) {
	user, err := personOrActor(ctx, c.User)
	if err != nil {
		return nil, err
	}
	d, err := b.personalData(ctx, user, Profile{Name: c.Name, Login: c.Login})
	if err != nil {
		return nil, err
	}
	proof, err := b.inviteProof(ctx, c.Token, c.Client, c.VerifiedEmails)
	return domain.AcceptInvite{Invite: c.Invite, Member: user, Proof: proof, Login: d.Login, Name: d.Name}, err
}

type declineInvite struct {
	Invite         events.InviteID `path:"invite" json:"invite" doc:"The invite." maxLength:"255"`
	User           events.UserID   `json:"user,omitzero" doc:"Who declines; left out: the actor, or whoever has the token." maxLength:"255"`
	Token          string          `json:"token,omitzero" doc:"The secret of the invite." maxLength:"255" example:"oq3Vb0SgWXJZ4mN1yK7c2uT9rEfLhPdA6iQxB8wCzDM"`
	VerifiedEmails []string        `json:"verified_emails,omitzero" doc:"The email addresses of the person that you have verified." maxItems:"100" example:"eve@example.org"`
	Client         string          `json:"client,omitzero" doc:"The network address of whoever shows the token, so that wrong ones slow down nobody else; left out: yours." maxLength:"255" example:"192.0.2.7"`
}

func buildDeclineInvite(ctx context.Context, b *commandBuilder, c declineInvite) (domain.Command, error) {
	proof, err := b.inviteProof(ctx, c.Token, c.Client, c.VerifiedEmails)
	return domain.DeclineInvite{Invite: c.Invite, Member: cmp.Or(c.User, requestFrom(ctx).actor), Proof: proof}, err
}

// maxMessage is how many characters the message of an invite has at most, and so the reason of a request.
const maxMessage = 2000

// linesAndTabs are the controls that stand in messages.
var linesAndTabs = strings.NewReplacer("\n", "", "\t", "")

// readMessage returns what is said in an invite or a request, without space around it. Its lines end in a line feed alone.
func readMessage(text string) (string, error) {
	text = strings.TrimSpace(collation.Normalize(strings.ReplaceAll(text, "\r\n", "\n")))
	if length := utf8.RuneCountInString(text); length > maxMessage {
		return "", errMalformed.because("A message or a reason has up to %d characters, not %d.", maxMessage, length)
	}
	if !utf8.ValidString(text) || collation.HasControls(linesAndTabs.Replace(text)) {
		return "", errMalformed.because("A message or a reason has line breaks and tabs, but no other control characters, those of direction and of zero width among them.")
	}
	return text, nil
}
