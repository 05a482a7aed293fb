package api

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// inviteMembers invites several addresses.
type inviteMembers struct {
	Invites   []listedInvite `json:"invites" minItems:"1" maxItems:"1000" doc:"Each as the route for one address takes it."`
	Partial   bool           `json:"partial,omitzero" query:"partial" doc:"Whether those that can be invited are invited although others are refused. Left out: all are invited, or none."`
	IfInvited string         `json:"if_invited,omitzero" query:"if_invited" enum:"refuse,update" doc:"What happens if an address has an open invite, where the invite itself does not say it: refuse, nothing; update, that one offers this from now on, and is sent again with a new token. Left out: refuse."`
}

// listedInvite is an invite of a list.
type listedInvite struct {
	inviteMember

	sent jsontext.Value
	// line is that of the CSV, from 1; zero for JSON.
	line int
	// err is what is wrong with it by itself.
	err error
}

// Schema refers to the schema of the body of the route for one address.
func (listedInvite) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Ref: schemaPrefix + "InviteMember"} // huma writes to what it gets
}

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (i *listedInvite) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	value, err := in.ReadValue()
	*i = listedInvite{sent: value.Clone()}
	return err
}

// read decodes the invite as the route for one address does. What is wrong is kept in err.
func (i *listedInvite) read(s *Server, ifInvited string) {
	if i.err == nil {
		if err := decode(i.sent, &i.inviteMember); err != nil {
			var named struct {
				Email string `json:"email"`
			}
			_ = json.Unmarshal(i.sent, &named) // the address is for the report alone
			i.Email, i.err = named.Email, errMalformed.because("%s.", err)
		} else {
			i.err = s.validateItem(listedInvite{}.Schema(nil), "", i.sent)
		}
	}
	if i.IfInvited == "" {
		i.IfInvited = ifInvited
	}
}

const inviteListID = "invite_members"

// inviteListRoute registers the route that invites several addresses, in JSON or CSV.
func (s *Server) inviteListRoute() {
	op := route{http.MethodPost, organizationPath + "/invites/bulk", inviteListID, "Invites", "Invite up to 1,000 addresses: all or none, or those that can be invited"}.operation()
	op.Description = "The answer says in `invites` what became of each address; a dry run what would. So does the problem where the list is refused. " +
		"CSV has a header with the names of fields: " + columnsInWords() + "."
	// The invites are decoded one by one, so that each has its own error.
	op.SkipValidateBody = true
	op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{textCSV: {Example: "email,role\neve@example.org,member\n", Schema: &huma.Schema{
		Type: huma.TypeString, Description: "A header, then a line for each address, as RFC 4180 has them, in UTF-8. A cell of projects or teams is a list such as apollo=editor, docs; one of levels such as MEMBERS=view.",
	}}}}
	s.serveCommand(op, reflect.TypeFor[inviteMembers](), true, func(ctx context.Context, e Envelope, body jsontext.Value) (sentCommand, error) {
		sent, err := s.readInvites(e, body)
		if err != nil {
			return sentCommand{}, err
		}
		org := events.OrganizationID(e.path("org"))
		s.countItems(ctx, org, len(sent.Invites))
		invites := newInviteList(sent)
		return sentCommand{organization: org, ids: []string{inviteListID}, build: invites.build, invites: invites}, nil
	})
}

// readInvites reads a list of invites from a body of JSON or CSV.
func (s *Server) readInvites(e Envelope, body jsontext.Value) (sent inviteMembers, err error) {
	media, _, err := mime.ParseMediaType(e.header("Content-Type"))
	switch {
	case err == nil && media == textCSV:
		sent.Invites, err = readInviteTable(body)
		body = nil
	case err != nil || media == "application/json":
		err = decodeBody(body, &sent)
	default:
		err = errMediaType.because("Send the list as JSON or CSV, with Content-Type: application/json or text/csv.")
	}
	if err != nil {
		return sent, err
	}
	if err := readQuery(e, body, &sent); err != nil {
		return sent, err
	}
	switch sent.IfInvited {
	case "", "refuse", updateInvite:
	default:
		return sent, errMalformed.because("if_invited is refuse or update.")
	}
	if len(sent.Invites) == 0 {
		return sent, errMalformed.because("Name at least one invite: {\"invites\": [{\"email\": \"eve@example.org\"}]}.")
	}
	inParallel(len(sent.Invites), func(i int) { sent.Invites[i].read(s, sent.IfInvited) })
	return sent, nil
}

// inviteList is several invites as one command.
type inviteList struct {
	invites []listedInvite
	partial bool
	// drafted are the invites as the draft has made them; those that are wrong by themselves are zero, and draftErrors say why the draft could not make them.
	drafted     []draftedInvite
	draftErrors []error
	// refused are those that the last build, and decision, left out, if the list may be taken in part.
	refused map[int]error
}

func newInviteList(sent inviteMembers) *inviteList {
	return &inviteList{invites: sent.Invites, partial: sent.Partial, drafted: make([]draftedInvite, len(sent.Invites)), refused: map[int]error{}}
}

// build builds all invites: first a draft, then the same once more with their keys stored. Those that the draft left out, or was refused, are left out then, too: no
// keys are stored for them.
func (l *inviteList) build(ctx context.Context, b *commandBuilder) (domain.Command, error) {
	if b.draft {
		clear(l.refused)
		l.draftAll(b)
	} else if err := l.storeKeys(ctx, b); err != nil {
		return nil, err
	}
	first := map[events.AddressHash]int{}
	items := make([]namedItem, len(l.invites))
	for i := range items {
		items[i] = namedItem{l.name(i), func(ctx context.Context, b *commandBuilder) (domain.Command, error) {
			return l.buildOne(ctx, b, i, first)
		}}
	}
	command, err := buildNamed(ctx, b, items)
	if !l.partial {
		return command, err
	}
	part := partialInvites{list: l, names: namesOf(items)}
	if unbuilt, is := errors.AsType[*unbuiltError](err); is {
		if len(unbuilt.batch) == 0 {
			return nil, err
		}
		for _, item := range unbuilt.wrong {
			l.refused[item.Index] = item.Err
		}
		part.Batch, part.built = unbuilt.batch, unbuilt.built
		return part, nil
	}
	if err != nil {
		return nil, err
	}
	part.Batch = command.(namedBatch).Batch //nolint:forcetypeassert // buildNamed says so
	return part, nil
}

// draftAll drafts all invites that are not wrong by themselves, with their texts sealed by keys that are not stored yet.
func (l *inviteList) draftAll(b *commandBuilder) {
	b.newKeys, b.leftOut = true, true
	l.drafted, l.draftErrors = make([]draftedInvite, len(l.invites)), make([]error, len(l.invites))
	ids := make([]events.InviteID, len(l.invites)) // in the order of the list
	for i := range ids {
		ids[i] = newInvite()
	}
	inParallel(len(l.invites), func(i int) {
		if l.invites[i].err != nil {
			return
		}
		drafted, err := b.draftInvite(l.invites[i].inviteMember, ids[i])
		if err == nil {
			err = drafted.sealAhead(b)
		}
		if l.draftErrors[i] = err; err == nil {
			l.drafted[i] = drafted
		}
	})
}

// storeKeys stores the keys of all invites that the draft has, and that are not left out.
func (l *inviteList) storeKeys(ctx context.Context, b *commandBuilder) error {
	var keys []keyring.NewKey
	for i, drafted := range l.drafted {
		if drafted.Invite != "" && l.refused[i] == nil {
			keys = append(keys, drafted.key)
		}
	}
	var err error
	b.newKeys, err = b.keys.Store(ctx, keys) // if not, all texts are sealed again
	return err
}

// buildOne builds an invite of the list. First are the addresses of those before it in a draft.
func (l *inviteList) buildOne(ctx context.Context, b *commandBuilder, i int, first map[events.AddressHash]int) (domain.Command, error) {
	switch {
	case l.invites[i].err != nil:
		l.noteAddress(b, i, first)
		return nil, l.invites[i].err
	case l.refused[i] != nil:
		return nil, l.refused[i]
	case b.draft && l.draftErrors[i] != nil:
		l.noteAddress(b, i, first)
		return nil, l.draftErrors[i]
	case b.draft:
		address := l.drafted[i].Address
		if before, twice := first[address]; twice {
			l.drafted[i] = draftedInvite{}
			return nil, errDuplicate.because("The address is that of %s, too; leave one out.", l.place(before))
		}
		first[address] = i
		return l.drafted[i].InviteMember, nil
	case b.newKeys:
		return l.drafted[i].InviteMember, nil
	}
	return b.sealInvite(ctx, l.drafted[i])
}

// noteAddress notes the address of an invite that is refused: an address has one answer, so a later one does not pass in its place.
func (l *inviteList) noteAddress(b *commandBuilder, i int, first map[events.AddressHash]int) {
	email, err := readEmail(l.invites[i].Email)
	if err != nil || email == "" {
		return
	}
	address := b.addressHash(email)
	if _, known := first[address]; !known {
		first[address] = i
	}
}

// place names an invite of the list by where it is.
func (l *inviteList) place(i int) string {
	if line := l.invites[i].line; line > 0 {
		return "line " + strconv.Itoa(line)
	}
	return "item " + strconv.Itoa(i)
}

// name names an invite of the list by its address, or else by where it is.
func (l *inviteList) name(i int) string {
	if email := l.invites[i].Email; email != "" {
		return email
	}
	return l.place(i)
}

// partialInvites is a batch of invites of which those that are refused are left out.
type partialInvites struct {
	domain.Batch

	list *inviteList
	// built are the indexes of the commands of the batch in the list; nil if they are the same.
	built []int
	names []string
}

// Decide implements [domain.Command]. If all are refused, that is its error.
func (p partialInvites) Decide(org domain.Organization, m events.Moment) ([]events.Event, error) {
	happened, refused, err := p.DecidePart(org, m)
	if err != nil {
		return nil, err
	}
	for i, item := range refused {
		if p.built != nil {
			refused[i].Index = p.built[item.Index]
		}
		p.list.refused[refused[i].Index] = item.Err
	}
	if len(refused) == len(p.Batch) {
		return nil, withNames(&domain.BatchError{Items: p.list.refusals()}, p.names)
	}
	return happened, nil
}
