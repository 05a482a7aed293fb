package main

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

// orgCmd is about organizations.
type orgCmd struct {
	Create        orgCreateCmd        `cmd:"" does:"create_organization" help:"Create an organization."`
	List          orgListCmd          `cmd:"" lists:"list_organizations" columns:"ORGANIZATION=id NAME=name SCHEME=scheme ARCHIVED=archived" help:"List the actor's organizations; for the system all."`
	Show          orgShowCmd          `cmd:"" shows:"get_organization" without:"scheme.permissions" help:"Look at an organization: its scheme, its seats, what the actor may do."`
	Rename        orgRenameCmd        `cmd:"" does:"rename_organization" help:"Give an organization another name."`
	Locale        orgLocaleCmd        `cmd:"" does:"change_locale" help:"Change the language of mails to people of whom none is known."`
	Archive       organizationArg     `cmd:"" does:"archive_organization" help:"Make an organization read only with everything in it."`
	Restore       organizationArg     `cmd:"" does:"restore_organization" help:"End the archiving of an organization."`
	Transfer      orgTransferCmd      `cmd:"" does:"transfer_ownership" asks:"" help:"Pass the actor's own highest role on to another member."`
	Scheme        orgSchemeCmd        `cmd:"" does:"change_scheme" help:"Put an organization under another scheme."`
	Seats         orgSeatsCmd         `cmd:"" does:"change_seats" help:"Change how many members there can be."`
	Requests      orgRequestsCmd      `cmd:"" does:"change_access_requests" help:"Change which requests for access an organization takes."`
	Notices       orgNoticesCmd       `cmd:"" lists:"list_notice_defaults" whole:"" columns:"KIND=kind CHANNEL=channel ON=on DEFAULT=default FIXED=fixed" help:"List of what members hear who have not chosen."`
	SwitchNotices orgSwitchNoticesCmd `cmd:"" name:"switch-notices" does:"change_notice_defaults" help:"Choose of what members hear who have not chosen."`
	Delete        organizationArg     `cmd:"" does:"delete_organization" asks:"" help:"Delete an organization with everything in it."`
}

type orgListCmd struct {
	atFlag

	WithoutOwner bool `help:"Only those in which a role that must be held has too few holders." json:"without_owner,omitzero"`
}

type orgShowCmd struct {
	organizationArg
	atFlag
}

// noArguments are those of verbs that need none.
type noArguments struct{}

// organizationArg is the argument of verbs about one organization itself.
type organizationArg struct {
	ID string `arg:"" help:"Its id." json:"org"`
}

type orgCreateCmd struct {
	ID     string `arg:"" help:"Its id: 1 to 64 of A-Z, a-z, 0-9, _ and -." json:"id"`
	Name   string `help:"Its name; without it the id." json:"name,omitzero"`
	Scheme string `completes:"scheme" help:"The scheme of its roles, see roster scheme list; without it owner-member." json:"scheme,omitzero"`
	Owner  string `placeholder:"USER" help:"Who joins with the highest role; without it the actor." json:"owner,omitzero"`

	OwnerLogin      string            `help:"The spelling of the owner that people see, where it is not the id." json:"-"`
	OwnerName       string            `help:"The owner's name." json:"-"`
	OwnerEmail      string            `help:"The owner's address." json:"-"`
	OwnerAvatar     string            `placeholder:"URL" help:"The URL of a picture of the owner." json:"-"`
	OwnerExternalID string            `help:"The owner's id in another system." json:"-"`
	OwnerMetadata   map[string]string `placeholder:"KEY=TEXT" help:"What another system keeps about the owner; may be given several times." json:"-"`
	OwnerProfile    *ownerProfile     `kong:"-" json:"owner_profile,omitzero"`
}

// ownerProfile is what is known about the owner of a new organization.
type ownerProfile struct {
	Login      string            `json:"login,omitzero"`
	Name       string            `json:"name,omitzero"`
	Email      string            `json:"email,omitzero"`
	Avatar     string            `json:"avatar,omitzero"`
	ExternalID string            `json:"external_id,omitzero"`
	Metadata   map[string]string `json:"metadata,omitzero"`
}

// command puts what is known about the owner together.
func (c *orgCreateCmd) command() any {
	in := *c
	p := ownerProfile{in.OwnerLogin, in.OwnerName, in.OwnerEmail, in.OwnerAvatar, in.OwnerExternalID, in.OwnerMetadata}
	if p.Login != "" || p.Name != "" || p.Email != "" || p.Avatar != "" || p.ExternalID != "" || len(p.Metadata) > 0 {
		in.OwnerProfile = &p
	}
	return in
}

type orgRenameCmd struct {
	organizationArg

	Name string `arg:"" help:"The new name." json:"name"`
}

type orgLocaleCmd struct {
	organizationArg

	Locale string `arg:"" help:"The language, such as de; or default, that of the server." json:"locale"`
}

// command builds the request.
func (c *orgLocaleCmd) command() any {
	in := *c
	if in.Locale == "default" {
		in.Locale = ""
	}
	return in
}

type orgTransferCmd struct {
	organizationArg

	To   string `arg:"" name:"user" help:"The member who takes the role." json:"to"`
	Role string `help:"What the actor becomes; without it what the other one was." json:"role,omitzero"`
}

type orgSeatsCmd struct {
	organizationArg

	Seats int `arg:"" help:"How many; 0 for as many as the scheme has." json:"seats"`
	blockNewFlag
}

type orgRequestsCmd struct {
	organizationArg

	Join     intake `enum:"open,closed,default," default:"" placeholder:"WHETHER" help:"Requests to join: open, closed, or default, as the scheme says." json:"join,omitzero"`
	Projects intake `enum:"open,closed,default," default:"" placeholder:"WHETHER" help:"Requests of members for projects: open, closed, or default." json:"projects,omitzero"`
}

// Validate fails without flags: whoever wants to look at the setting must not think that this shows it.
func (c *orgRequestsCmd) Validate() error {
	if c.Join == "" && c.Projects == "" {
		return errors.New("say --join, --projects or both. roster org show has what is set")
	}
	return nil
}

// intake says whether requests are taken; default: as the scheme says.
type intake string

// MarshalJSONTo writes it as the API takes it.
func (i intake) MarshalJSONTo(out *jsontext.Encoder) error {
	if i == "default" {
		return out.WriteToken(jsontext.Null)
	}
	return out.WriteToken(jsontext.String(string(i)))
}

type orgNoticesCmd struct{ organizationArg }

type orgSwitchNoticesCmd struct {
	organizationArg
	noticeSetting
}

// blockNewFlag accepts fewer seats than are in use.
type blockNewFlag struct {
	BlockNew bool `help:"Accept fewer seats than are in use: nobody loses a seat, and none is given until there is room." json:"block_new,omitzero"`
}

type orgSchemeCmd struct {
	organizationArg
	blockNewFlag

	Scheme           string            `arg:"" completes:"scheme" help:"The scheme to go by from now on." json:"scheme"`
	OrganizationRole map[string]string `placeholder:"FROM=TO" help:"Which role in the organization becomes which; may be given several times. The others keep their keys." json:"organization_roles,omitzero"`
	ProjectRole      map[string]string `placeholder:"FROM=TO" help:"The same for roles on projects." json:"project_roles,omitzero"`
	TeamRole         map[string]string `placeholder:"FROM=TO" help:"The same for roles in teams." json:"team_roles,omitzero"`
}

// Help is printed with the command's flags.
func (orgSchemeCmd) Help() string {
	return `With --dry-run it says who would gain or lose what, and changes nothing.

    roster org scheme acme agency --organization-role member=developer --project-role member=developer --dry-run`
}
