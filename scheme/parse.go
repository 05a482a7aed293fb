package scheme

import (
	"errors"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

// parse reads a scheme and validates it: first by the JSON Schema, then by what its parts
// say of each other. What is wrong is in the faults of the file. It returns an error only
// if the JSON Schema itself is broken.
func parse(name string, text []byte) (*file, events.Scheme, error) {
	f := readYAML(name, text)
	if len(f.faults) > 0 {
		return f, events.Scheme{}, nil
	}
	if err := f.validateAgainstSchema(); err != nil {
		return nil, events.Scheme{}, err
	}
	definition, ok := f.decode()
	if ok {
		v := validator{f, definition}
		v.scheme()
	}
	return f, definition, nil
}

// decode returns what the file says, and whether it can be validated further. What fits
// the JSON Schema always can, and often also what does not.
func (f *file) decode() (events.Scheme, bool) {
	var definition events.Scheme
	fits := len(f.faults) == 0
	text, err := json.Marshal(f.root)
	if err == nil {
		err = json.Unmarshal(text, &definition, json.RejectUnknownMembers(fits))
	}
	if err != nil && fits {
		if broken, ok := errors.AsType[*json.SemanticError](err); ok {
			f.fail(broken.JSONPointer, "cannot be read: %s", err)
		} else {
			f.fail("", "cannot be read: %s", err)
		}
	}
	return definition, err == nil
}

// scheme validates the whole scheme, part by part.
func (v validator) scheme() {
	v.catalogue("/permissions/organization", v.Permissions.Organization)
	v.catalogue("/permissions/project", v.Permissions.Project)
	v.roles("/organization_roles", v.OrganizationRoles, v.Permissions.Organization)
	v.roles("/project_roles", v.ProjectRoles, v.Permissions.Project)
	v.roles("/teams/roles", v.Teams.Roles, nil)
	v.ranks()
	for i, role := range v.OrganizationRoles {
		v.reach(below("/organization_roles", i), role)
	}
	v.settings()
	v.teams()
	for i, d := range v.Delegations {
		v.delegation(below("/delegations", i), d)
	}
	v.elevation("/elevation/organization", v.Elevation.Organization, v.OrganizationRoles)
	v.elevation("/elevation/project", v.Elevation.Project, v.ProjectRoles)
	for _, action := range slices.Sorted(maps.Keys(v.Allow)) {
		v.allowance(action, v.Allow[action])
	}
}
