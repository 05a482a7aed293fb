package main

// ends is the flag of commands that may give something an end.
type ends struct {
	Until instant `placeholder:"TIME" help:"When it ends: as 2026-12-31T18:00:00Z, as 2026-12-31 (where the day begins, in UTC), or from now as 30d or 12h; without it never." json:"until,omitzero"`
}

// end is the flag of commands that change an end.
type end struct {
	Until instant `required:"" placeholder:"TIME" help:"When it ends: as 2026-12-31T18:00:00Z, as 2026-12-31 (where the day begins, in UTC), or from now as 30d or 12h; or never." json:"until,omitzero"`
}

// levels is the flag of commands that give somebody levels.
type levels struct {
	Level map[string]string `placeholder:"PERMISSION=LEVEL" help:"Level of a permission, where the role leaves it to the person; may be given several times." json:"levels,omitzero"`
}

// newLevels is the flag of commands that change somebody's own levels.
type newLevels struct {
	Level map[string]string `placeholder:"PERMISSION=LEVEL" help:"Level of a permission; may be given several times. What is not named is at its lowest; with none at all the role alone counts." json:"levels"`
}
