package importer_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/importer"
)

// asUTF16 returns a text as some spreadsheets save it.
func asUTF16(text string) string {
	var b strings.Builder
	for _, unit := range append([]uint16{0xFEFF}, utf16.Encode([]rune(text))...) {
		b.WriteByte(byte(unit))
		b.WriteByte(byte(unit >> 8))
	}
	return b.String()
}

func TestReadPeople(t *testing.T) {
	t.Parallel()
	bob := importer.Person{Line: 2, User: "bob", Name: "Bob, the first"}
	onApollo := bob
	onApollo.Projects = []importer.Membership{{ID: "apollo", Role: "editor"}, {ID: "docs"}}
	for _, c := range []struct {
		name, text string
		format     importer.Format
		want       []importer.Person
	}{
		{name: "commas", text: "user,name\nbob,\"Bob, the first\"\n", want: []importer.Person{bob}},
		{name: "a byte order mark, semicolons, and line ends of Windows", text: "\ufeffuser;name\r\nbob;Bob, the first\r\n\r\n", want: []importer.Person{bob}},
		{name: "tabs in UTF-16", text: asUTF16("user\tname\r\nbob\tBob, the first\r\n"), want: []importer.Person{bob}},
		{name: "old line ends", text: "user;name\rbob;Bob, the first\r", want: []importer.Person{bob}},
		{name: "space, another case and empty rows", text: "User , NAME\n bob , \"Bob, the first\"\n , \n\n", want: []importer.Person{bob}},
		{
			name: "a delimiter that is named", text: "sep=;\nuser;name\nbob;Bob, the first\n",
			want: []importer.Person{{Line: 3, User: "bob", Name: "Bob, the first"}},
		},
		{
			name: "a line end in quotes", text: "user,name\neve,\"Eve\nExample\"\nbob,\"Bob, the first\"\n",
			want: []importer.Person{{Line: 2, User: "eve", Wrong: `name: "Eve\nExample" has a line break or another control character`}, {Line: 4, User: "bob", Name: "Bob, the first"}},
		},
		{name: "a list in a cell", text: "user;name;projects\nbob;Bob, the first;apollo=editor, docs\n", want: []importer.Person{onApollo}},
		{
			name: "columns with other names", text: "Username,Full name,Department\nbob,\"Bob, the first\",Sales\n",
			format: importer.Format{Map: map[string]string{"username": "user", "Full Name": "name", "Department": ""}}, want: []importer.Person{bob},
		},
		{
			name: "an array", text: "[\n{\"user\": \"bob\", \"name\": \"Bob, the first\", \"projects\": [{\"project\": \"apollo\", \"role\": \"editor\"}, \"docs\"]}]",
			want: []importer.Person{onApollo},
		},
		{
			name: "an object a line", text: "{\"user\": 7}\n{\"user\": \"bob\", \"email\": null, \"name\": \"Bob, the first\"}\n",
			want: []importer.Person{{Line: 1, User: "7"}, bob},
		},
		{
			name: "starts and an end", text: `[{"user": "bob", "from": "2099-01-01", "until": "2099-12-31T08:00:00+01:00", "projects": [{"project": "apollo", "from": "2099-02-01"}]}]`,
			want: []importer.Person{{
				Line: 1, User: "bob", From: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2099, 12, 31, 7, 0, 0, 0, time.UTC),
				Projects: []importer.Membership{{ID: "apollo", From: time.Date(2099, 2, 1, 0, 0, 0, 0, time.UTC)}},
			}},
		},
		{
			name: "an end and an external id", text: "user,until,External ID\nbob,2099-12-31,x\n",
			want: []importer.Person{{Line: 2, User: "bob", ExternalID: "x", Until: time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC)}},
		},
		{
			name: "Microsoft Entra", format: importer.Format{Preset: "entra"},
			text: "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,alternateEmailAddress,createdDateTime\n" +
				"bob@x.example,Bob,B,bob@example.org,Bob,0a1b,Member,,,True,,2024-01-01\neve@x.example,Eve,E,,Eve,0a1c,Guest,,,False,,2024-01-01\n",
			want: []importer.Person{
				{Line: 2, User: "0a1b", Login: "bob@x.example", Name: "Bob", Email: "bob@example.org"},
				{Line: 3, User: "0a1c", Login: "eve@x.example", Name: "Eve", LeftOut: "the account is disabled"},
			},
		},
		{
			name: "a GitHub enterprise", format: importer.Format{Preset: "github", Organization: "acme"},
			text: "GitHub com login,GitHub com name,GitHub com profile,Acme owner,Acme member,Other owner,Other member,Total user accounts\n" +
				"Bob,Bob B,https://example.org/bob,true,true,,,1\neve,,,false,TRUE,,,1\nfay,,,,,true,,1\n",
			want: []importer.Person{
				{Line: 2, User: "bob", Login: "Bob", Name: "Bob B", Role: "owner"},
				{Line: 3, User: "eve", Login: "eve", Role: "member"},
				{Line: 4, User: "fay", Login: "fay", LeftOut: "neither owner nor member of acme"},
			},
		},
		{
			name: "memberships of GitLab", format: importer.Format{Preset: "gitlab"},
			text: "Name,Username,Email,Path,Group or project name,Type,Role,Role type,Membership type,Membership status,Membership source,Access granted,Access expiration,Last activity\n" +
				"Bob,Bob,bob@example.org,acme,Acme,Group,Owner,default,direct,approved,,2024-01-01,,\n" +
				"Bob,Bob,bob@example.org,acme/core,Core,Sub Group,Developer,default,direct,approved,,2024-01-01,,\n" +
				"Bob,Bob,bob@example.org,acme/apollo,Apollo,Project,Maintainer,default,direct,approved,,2024-01-01,2099-12-31,\n" +
				"Eve,eve,,acme,Acme,Group,Guest,default,direct,awaiting,,2024-01-01,,\n",
			want: []importer.Person{
				{Line: 2, User: "bob", Login: "Bob", Name: "Bob", Email: "bob@example.org", Role: "Owner"},
				{Line: 3, User: "bob", Login: "Bob", Name: "Bob", Email: "bob@example.org", Teams: []importer.Membership{{ID: "acme/core", Role: "Developer"}}},
				{
					Line: 4, User: "bob", Login: "Bob", Name: "Bob", Email: "bob@example.org",
					Projects: []importer.Membership{{ID: "acme/apollo", Role: "Maintainer", Until: time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC)}},
				},
				{Line: 5, User: "eve", Login: "eve", Name: "Eve", LeftOut: "the membership is awaiting"},
			},
		},
		{
			name: "of GitLab, with a column of ids", format: importer.Format{Preset: "gitlab", Map: map[string]string{"Number": "user"}},
			text: "Username,Path,Type,Role,Role type,Number\nBob,acme,Group,Owner,default,17\neve,acme,Group,Owner,default,\n",
			want: []importer.Person{{Line: 2, User: "17", Login: "Bob", Role: "Owner"}, {Line: 3, Login: "eve", Role: "Owner"}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := importer.ReadPeople(strings.NewReader(c.text), c.format)
			require.NoError(t, err)
			assert.Empty(t, cmp.Diff(c.want, got.Rows))
			assert.Equal(t, c.format.Preset != "", len(got.Unread) > 0, "columns that are not read: %q", got.Unread)
		})
	}
}

func TestPeopleThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, says string
		format           importer.Format
	}{
		{name: "nothing", text: "", says: "the file is empty"},
		{name: "an empty array", text: "[]", says: "the file is empty"},
		{name: "unknown columns", text: "user,department,floor\n", says: `unknown columns: department, floor; there are user, email`},
		{name: "nobody", text: "name\nBob\n", says: "no column says who somebody is"},
		{name: "a column twice", text: "user,user\n", says: "two columns"},
		{name: "two columns for one", text: "user,id\n", format: importer.Format{Map: map[string]string{"id": "user"}}, says: `are both "user"`},
		{name: "a column that is not there", text: "user\n", format: importer.Format{Map: map[string]string{"id": "user"}}, says: `the file has no column "id" to map; it has user`},
		{name: "a column that is not there, as it was written", text: "user\n", format: importer.Format{Map: map[string]string{"Full Name": "name"}}, says: `no column "Full Name"`},
		{
			name: "several things", text: "user,floor\nbob,3\n", format: importer.Format{Map: map[string]string{"id": "nick", "Full Name": "name"}},
			says: "no column \"Full Name\" to map; it has user, floor\nthere is no column \"nick\" to map \"id\" to; there are user, email, name, login, external_id, role, from, until, teams, projects\n" +
				"the file has no column \"id\" to map; it has user, floor\nunknown columns: floor",
		},
		{name: "a header alone", text: "user,name\n", says: "no rows below the header"},
		{name: "a workbook", text: "PK\x03\x04\x14\x00", says: "save it as CSV"},
		{name: "an old workbook", text: "\xd0\xcf\x11\xe0\xa1\xb1", says: "save it as CSV"},
		{name: "a column that is not ours", text: "id\n", format: importer.Format{Map: map[string]string{"id": "nick"}}, says: `there is no column "nick"`},
		{name: "a preset that there is not", text: "user\n", format: importer.Format{Preset: "x"}, says: "there are entra, github, gitlab"},
		{name: "a quote too few", text: "user,name\neve,Eve\nbob,\"Bob\n", says: "line 3: "},
		{name: "no UTF-8", text: "user,name\nbob,B\xf6b\n", says: "line 2: the text is not UTF-8"},
		{name: "broken JSON", text: "[{\"user\": \"bob\"},\n{\"user\": }]", says: "line 2: "},
		{name: "JSON cut short", text: "[{\"user\": \"bob\"},\n", says: "the list does not end here"},
		{name: "a field twice", text: "{\"user\": \"bob\", \"user\": \"eve\"}", says: "line 1: "},
		{name: "an enterprise of others", text: "GitHub com login,A owner,B owner\n", format: importer.Format{Preset: "github", Organization: "c"}, says: "name the organization as the file does"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := importer.ReadPeople(strings.NewReader(c.text), c.format)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.says)
		})
	}
}

// TestRowsThatAreWrong reads rows that are wrong by themselves. The rest of the file, and of the
// row, is read.
func TestRowsThatAreWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, says string
		format           importer.Format
	}{
		{name: "too long", text: "user,name\nbob,Bob,B\neve,Eve\n", says: "3 of 2 fields: a row has as many as the header; quote a field that contains ','"},
		{name: "too short", text: "user,name\nbob\neve,Eve\n", says: "1 of 2 fields: "},
		{name: "no time", text: "user,until\nbob,31.12.2027\neve,\n", says: `until: "31.12.2027" is no time`},
		{name: "no project", text: "user,projects\nbob,=write\neve,\n", says: `projects: "=write" names no team or project`},
		{name: "twice wrong", text: "user,until,projects\nbob,soon,=write\neve,,\n", says: `names no team or project: write an id, or an id and a role, as in apollo=editor; until: "soon" is no time`},
		{name: "an object for a text", text: "{\"user\": \"bob\", \"name\": {}}\n{\"user\": \"eve\"}", says: "name: a text or a list was expected, not an object"},
		{name: "a list for a text", text: "{\"user\": \"bob\", \"name\": [\"Bob\"]}\n{\"user\": \"eve\"}", says: "name: a text was expected, not a list"},
		{name: "a list for a time", text: "{\"user\": \"bob\", \"until\": [\"2099-01-01\"]}\n{\"user\": \"eve\"}", says: "until: a text was expected, not a list"},
		{name: "an unknown field", text: "{\"user\": \"bob\", \"projects\": [{\"project\": \"p\", \"rank\": 1}]}\n{\"user\": \"eve\"}", says: "rank"},
		{name: "a membership of what", text: "Username,Path,Type\nbob,a,Epic\neve,a,Group\n", format: importer.Format{Preset: "gitlab"}, says: `the type is "Epic"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := importer.ReadPeople(strings.NewReader(c.text), c.format)
			require.NoError(t, err)
			require.Len(t, got.Rows, 2)
			assert.Equal(t, "bob", got.Rows[0].User)
			assert.Contains(t, got.Rows[0].Wrong, c.says)
			assert.Equal(t, "eve", got.Rows[1].User)
			assert.Empty(t, got.Rows[1].Wrong)
		})
	}
}

// TestFormatErrorsNameTheOption holds that whoever reads a file learns which field of the format
// to change.
func TestFormatErrorsNameTheOption(t *testing.T) {
	t.Parallel()
	for text, c := range map[string]struct {
		format importer.Format
		option string
	}{
		"user,floor\nbob,3\n": {option: "Map"},
		"name\nBob\n":         {option: "Map"},
		"GitHub com login,A owner,B owner\n": {
			format: importer.Format{Preset: "github", Organization: "c"}, option: "Organization",
		},
	} {
		_, err := importer.ReadPeople(strings.NewReader(text), c.format)
		var wrong *importer.FormatError
		require.ErrorAs(t, err, &wrong, text)
		assert.Equal(t, c.option, wrong.Option, text)
	}
}
