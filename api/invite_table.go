package api

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/csvtable"
)

// inviteColumns are the columns that a list of invites in CSV may have: the fields of one in JSON.
var inviteColumns = func() (columns []string) {
	for field := range reflect.TypeFor[inviteMember]().Fields() {
		columns = append(columns, jsonName(field))
	}
	return columns
}()

func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

func columnsInWords() string { return strings.Join(inviteColumns, ", ") }

// readInviteTable reads a list of invites in CSV. Its cells become JSON, so that one decoder and one schema say what is valid.
func readInviteTable(text []byte) ([]listedInvite, error) {
	format := csvtable.Format{Columns: inviteColumns, Required: []string{"email"}, MaxRows: domain.MaxItems}
	rows, err := format.Read(text)
	if errors.As(err, new(*csvtable.TooManyError)) {
		return nil, tooMany("The table", domain.MaxItems)
	}
	if err != nil {
		return nil, errBadTable.because("The CSV cannot be used: %s.", err)
	}
	invites := make([]listedInvite, len(rows))
	for i, row := range rows {
		invites[i] = inviteOfRow(row)
	}
	return invites, nil
}

func inviteOfRow(row csvtable.Row) listedInvite {
	invite := listedInvite{inviteMember: inviteMember{Email: row.Cells["email"]}, line: row.Line}
	if row.Err != nil {
		invite.err = errMalformed.because("%s.", row.Err)
		return invite
	}
	fields := map[string]any{}
	for field := range reflect.TypeFor[inviteMember]().Fields() {
		text, is := row.Cells[jsonName(field)]
		if !is {
			continue
		}
		value, err := cellValue(field.Type, text)
		if err != nil {
			invite.err = errMalformed.because("%s: %s.", jsonName(field), err)
			return invite
		}
		fields[jsonName(field)] = value
	}
	sent, err := json.Marshal(fields, json.Deterministic(true))
	if err != nil {
		invite.err = errMalformed.because("%s.", err)
	}
	invite.sent = sent
	return invite
}

// cellValue returns the JSON of a cell for a field of a type.
func cellValue(field reflect.Type, text string) (any, error) {
	switch field {
	case reflect.TypeFor[[]invitedProject]():
		return listOf(text, "project")
	case reflect.TypeFor[[]invitedTeam]():
		return listOf(text, "team")
	case reflect.TypeFor[events.Levels]():
		return levelsOf(text)
	case reflect.TypeFor[time.Time](): // a cell may have a date
		at, err := parseTime(text)
		return at.Format(time.RFC3339Nano), err
	}
	return text, nil
}

// parts are the parts of a list in a cell.
func parts(text string) (all []string) {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// listOf reads a list of ids, each with a role behind the last = where it is not the default.
func listOf(text, noun string) ([]map[string]string, error) {
	var all []map[string]string
	for _, part := range parts(text) {
		id, role := part, ""
		if i := strings.LastIndexByte(part, '='); i >= 0 {
			id, role = strings.TrimSpace(part[:i]), strings.TrimSpace(part[i+1:])
		}
		if id == "" {
			return nil, errNoPart(part, noun, "apollo=editor")
		}
		one := map[string]string{noun: id}
		if role != "" {
			one["role"] = role
		}
		all = append(all, one)
	}
	return all, nil
}

func errNoPart(part, noun, example string) error {
	return fmt.Errorf("%q names no %s: write it as in %s", part, noun, example)
}

// levelsOf reads a list of permissions, each with its level.
func levelsOf(text string) (map[string]string, error) {
	all := map[string]string{}
	for _, part := range parts(text) {
		permission, level, found := strings.Cut(part, "=")
		if permission = strings.TrimSpace(permission); !found || permission == "" {
			return nil, errNoPart(part, "permission with its level", "MEMBERS=view")
		}
		all[permission] = strings.TrimSpace(level)
	}
	return all, nil
}
