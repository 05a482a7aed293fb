package scheme_test

import (
	"errors"
	"fmt"

	"github.com/seed-2026d078/roster/scheme"
)

// Read a scheme of two roles, then one with a mistake in it.
func ExampleParse() {
	const studio = `key: studio
version: 1
organization_roles:
  - {key: owner, rank: 2, at_least: 1, all_projects: editor}
  - {key: member, rank: 1, default: true}
project_roles:
  - {key: editor, rank: 1, default: true}
projects_visible_to: members
allow:
  add_member: {organization_roles: [owner]}
`
	rules, err := scheme.Parse("studio.yaml", []byte(studio))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rules.Key, rules.OrganizationRoles())

	_, err = scheme.Parse("studio.yaml", []byte(studio+"  remove_member: {organization_roles: [boss]}\n"))
	if broken, ok := errors.AsType[*scheme.Error](err); ok {
		for _, problem := range broken.Problems {
			fmt.Println(problem)
		}
	}
	// Output:
	// studio [member owner]
	// studio.yaml:11: allow.remove_member.organization_roles: there is no role "boss"; there are owner and member
}
