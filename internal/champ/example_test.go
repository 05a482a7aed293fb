package champ_test

import (
	"fmt"

	"github.com/seed-2026d078/roster/internal/champ"
)

func ExampleMap() {
	var monday champ.Map[string, string]
	monday = champ.Set(nil, champ.Set(nil, monday, "ada", "owner"), "bob", "member")
	tuesday := champ.Delete(nil, champ.Set(nil, monday, "bob", "admin"), "ada")

	role, _ := monday.Get("bob")
	fmt.Println(monday.Len(), role)
	role, _ = tuesday.Get("bob")
	fmt.Println(tuesday.Len(), role)
	// Output:
	// 2 member
	// 1 admin
}

// team is a state that is changed the same way with a Transient and without.
type team struct {
	members champ.Map[string, string]
}

func (t team) join(transient *champ.Transient, user, role string) team {
	t.members = champ.Set(transient, t.members, user, role)
	return t
}

// One Transient serves nested maps: no node is copied twice.
func ExampleTransient() {
	var teams champ.Map[string, team]
	teams = champ.Set(nil, teams, "red", team{}.join(nil, "ada", "lead"))
	published := teams

	transient := new(champ.Transient)
	for _, user := range []string{"bob", "cyd", "dan"} {
		red, _ := teams.Get("red")
		teams = champ.Set(transient, teams, "red", red.join(transient, user, "member"))
	}
	transient.Persist()

	fmt.Println(published.At("red").members.Len(), teams.At("red").members.Len())
	// Output: 1 4
}
