package scheme

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// elevation validates which of the roles can be asked for, for a time. Each is named once, is not protected, and ranks above
// those from which it can be asked for, of which there is one at least.
func (v validator) elevation(at jsontext.Pointer, rules []events.ElevationRule, roles []events.Role) {
	for i, rule := range rules {
		under := below(at, i)
		if slices.ContainsFunc(rules[:i], func(r events.ElevationRule) bool { return r.Role == rule.Role }) {
			v.fail(below(under, "role"), "%q is named before; say it once", rule.Role)
		}
		v.roleExists(below(under, "role"), rule.Role, roles)
		v.rolesExist(below(under, "from"), rule.From, roles)
		if rule.Approvers != nil {
			v.who(below(under, "approvers"), *rule.Approvers)
		}
		n := indexOf(roles, rule.Role)
		if n < 0 {
			continue
		}
		to := roles[n]
		if to.Protected {
			v.fail(below(under, "role"), "%q is protected: it passes on by a transfer of ownership alone; leave it out", to.Key)
		}
		if !slices.ContainsFunc(roles, func(r events.Role) bool { return r.Rank < to.Rank }) {
			v.fail(below(under, "role"), "no role ranks below %q, so nobody can ask for it; leave it out", to.Key)
		}
		for j, from := range rule.From {
			if k := indexOf(roles, from); k >= 0 && roles[k].Rank >= to.Rank {
				v.fail(below(under, "from", j), "%q does not rank below %q; name lower roles", from, to.Key)
			}
		}
	}
}
