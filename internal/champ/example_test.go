package champ_test

import (
	"fmt"

	"github.com/seed-2026d078/roster/internal/champ"
)

func ExampleMap() {
	var monday champ.Map[string, string]
	monday = monday.Set("ada", "owner").Set("bob", "member")
	tuesday := monday.Set("bob", "admin").Delete("ada")

	role, _ := monday.Get("bob")
	fmt.Println(monday.Len(), role)
	role, _ = tuesday.Get("bob")
	fmt.Println(tuesday.Len(), role)
	// Output:
	// 2 member
	// 1 admin
}

// team is a state that is changed the same way with an edit and without.
type team struct {
	members champ.Map[string, string]
}

func (t team) join(edit *champ.Edit, user, role string) team {
	t.members = t.members.SetIn(edit, user, role)
	return t
}

// One edit replays changes of nested maps without copying any node twice.
func ExampleEdit() {
	var teams champ.Map[string, team]
	teams = teams.Set("red", team{}.join(nil, "ada", "lead"))
	published := teams

	edit := new(champ.Edit)
	for _, user := range []string{"bob", "cyd", "dan"} {
		red, _ := teams.Get("red")
		teams = teams.SetIn(edit, "red", red.join(edit, user, "member"))
	}
	edit.Done()

	fmt.Println(published.At("red").members.Len(), teams.At("red").members.Len())
	// Output: 1 4
}
