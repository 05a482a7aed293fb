package api

import (
	"cmp"
	"hash/fnv"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// iconColours can be told apart, and carry white text.
var iconColours = [...]events.Colour{
	"#b71c1c", "#ad1457", "#6a1b9a", "#4527a0", "#283593", "#1565c0",
	"#01579b", "#006064", "#00695c", "#2e7d32", "#8d4a00", "#5d4037",
}

// iconColour returns a colour that follows from an id: every client shows the same one.
func iconColour(id string) events.Colour {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(id)) // a hash takes everything
	return iconColours[hash.Sum32()%uint32(len(iconColours))]
}

func teamColour(id events.TeamID, team domain.Team) events.Colour {
	return cmp.Or(team.Colour, iconColour(string(id)))
}
