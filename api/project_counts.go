package api

import (
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// projectCounts counts who is on a project now.
type projectCounts struct {
	People int `json:"people" doc:"Those with access, whatever the source."`
	Direct int `json:"direct" doc:"Those with a grant of their own."`
	Teams  int `json:"teams" doc:"The teams assigned that the actor sees, without those that inherit from them."`
}

// countedProject is a project at one version of its organization.
type countedProject struct {
	org     events.OrganizationID
	version events.Version
	project events.ProjectID
}

// maxCounted is the number of projects whose count is kept.
const maxCounted = 10_000

// projectCounter counts the people on projects and caches the counts.
type projectCounter struct {
	kept *lru.Cache[countedProject, domain.ProjectCount]
}

func newProjectCounter() projectCounter {
	kept, err := lru.New[countedProject, domain.ProjectCount](maxCounted)
	if err != nil {
		panic(err) // the size is positive
	}
	return projectCounter{kept}
}

// count counts again only if the organization has changed, or if a start or an end has passed by which
// somebody gets or loses access.
func (c projectCounter) count(org domain.Organization, m events.Moment, id events.ProjectID) projectCounts {
	key := countedProject{org.ID(), org.Version(), id}
	count, known := c.kept.Get(key)
	if !known || !count.Until.IsZero() && !org.Instant().Before(count.Until) {
		count = org.CountOnProject(id)
		c.kept.Add(key, count)
	}
	return projectCounts{count.People, count.Direct, countTeams(org, m, id)}
}

// countTeams counts the teams on a project that the actor may see.
func countTeams(org domain.Organization, m events.Moment, id events.ProjectID) int {
	project, _ := org.Project(id)
	teams, visible := 0, visibleTeams(org, m.Actor)
	for a := range project.Assignments() {
		if org.InEffect(a) && visible(a.Team) {
			teams++
		}
	}
	return teams
}
