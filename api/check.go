package api

import (
	"context"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// checkQuestions is the body of a check: each question asks whether somebody may do
// something.
type checkQuestions struct {
	Questions []checkQuestion `json:"questions" maxItems:"1000"`
	At        time.Time       `json:"at,omitzero" doc:"A time in the past, for all questions; whether the actor may ask is decided by now. Left out: now."`
	Former    bool            `json:"former,omitzero" doc:"For the system actor only: also what an earlier organization or project with the same id was."`
}

type checkQuestion struct {
	Organization events.OrganizationID `json:"organization"`
	User         events.UserID         `json:"user"`
	Project      events.ProjectID      `json:"project,omitzero" doc:"The project; for what they may do in the organization itself, name the scope instead." example:"apollo"`
	Scope        string                `json:"scope,omitzero" enum:"organization" doc:"Asks for a permission in the organization itself, not on a project."`
	Permission   events.PermissionKey  `json:"permission"`
	Level        events.Level          `json:"level,omitzero" doc:"Left out: the highest. Everybody has the lowest, so it cannot be asked for."`
}

// checkResults are the answers, in the order of the questions.
type checkResults struct {
	Answers []checkResult `json:"answers"`
}

type checkResult struct {
	Allowed bool `json:"allowed"`
}

// check holds the memory of one request, to be used again by later requests.
type check struct {
	body []byte
	checkQuestions
	checkResults
}

var checks = sync.Pool{New: func() any { return new(check) }}

// maxKept is the size in bytes of the largest body whose memory is used again.
const maxKept = 256 << 10

const (
	checkPath = "/v1/access:check"
	checkID   = "check_access"
)

func (s *Server) checkRoutes() {
	r := route{http.MethodPost, checkPath, checkID, "Access", "Ask up to 1,000 times whether somebody may do something; answered from memory"}
	schemas := s.huma.OpenAPI().Components.Schemas
	s.handleRaw(r, huma.Operation{
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: schemas.Schema(reflect.TypeFor[checkQuestions](), true, "")},
		}},
		Responses: okResponse("application/json", "The answers, in the order of the questions", schemas.Schema(reflect.TypeFor[checkResults](), true, "")),
	}, s.check)
}

func (s *Server) check(w http.ResponseWriter, r *http.Request) error {
	c, _ := checks.Get().(*check)
	defer c.release()
	body, err := s.checkLimits().read(w, r, c.body[:0])
	c.body = body
	if err != nil {
		return err
	}
	if err := s.takeBodySlot(r, len(c.body)); err != nil {
		return err
	}
	if err := c.decode(s.checkLimits()); err != nil {
		return err
	}
	actor, state, now := requestFrom(r.Context()).actor, s.Desk.View().State, s.now()
	if err := s.limitChecks(w, actor, c.Questions); err != nil {
		return err
	}
	if c.Former && actor != events.System {
		return errSystemOnly
	}
	requestFrom(r.Context()).former = c.Former
	then, err := s.stateThen(r.Context(), c, state, now, actor)
	if err != nil {
		return err
	}
	if err := c.answer(state, now, then, actor); err != nil {
		s.Metrics.refused(len(c.Questions))
		return err
	}
	s.Metrics.checked(c.countAllowed())
	return writeJSON(w, http.StatusOK, &c.checkResults)
}

func (c *check) decode(limits *bodyLimits) error {
	if len(c.body) > domain.MaxItems { // a shorter one has fewer items
		if err := limits.check(c.body, limits.values); err != nil {
			return err
		}
	}
	c.Questions, c.At, c.Former = c.Questions[:0], time.Time{}, false
	if err := decode(c.body, &c.checkQuestions); err != nil {
		return errMalformed.because("%s", err)
	}
	return nil
}

// stateThen returns the state at the time that the questions name. It holds at least the
// organizations that the actor may ask about, and does not read the past if there are none.
func (s *Server) stateThen(ctx context.Context, c *check, state domain.Roster, now time.Time, actor events.UserID) (domain.Roster, error) {
	switch {
	case c.At.IsZero():
		return domain.Roster{}, nil
	case c.At.After(now):
		return domain.Roster{}, domain.ErrBadTime
	}
	visible := map[events.OrganizationID]bool{}
	only := events.OrganizationID("")
	for i := range c.Questions {
		q := &c.Questions[i]
		if may, err := q.mayAsk(state.Organization(q.Organization).At(now), actor, true); may && err == nil && q.validate() == nil {
			only = q.Organization
			visible[only] = true
		}
	}
	switch len(visible) {
	case 0:
		return domain.Roster{}, nil
	case 1:
		return s.stateAt(ctx, c.At, only)
	}
	return s.stateAt(ctx, c.At, "")
}

// answer answers all questions, by the state now or, if they are about the past, by the state
// then. If the actor may not ask one of them, it answers none.
func (c *check) answer(state domain.Roster, now time.Time, then domain.Roster, actor events.UserID) error {
	c.Answers = c.Answers[:0]
	var wrong []domain.ItemError
	for i := range c.Questions {
		q := &c.Questions[i]
		org := state.Organization(q.Organization).At(now)
		about := org
		if !c.At.IsZero() {
			about = then.Organization(q.Organization).At(c.At)
		}
		allowed, err := q.evaluate(org, about, actor, !c.At.IsZero())
		if err != nil {
			wrong = append(wrong, domain.ItemError{Index: i, Err: err})
		}
		c.Answers = append(c.Answers, checkResult{allowed})
	}
	switch {
	case wrong != nil && len(c.Questions) == 1:
		return wrong[0].Err
	case wrong != nil:
		return &domain.BatchError{Items: wrong}
	}
	return nil
}

// organizationScope is the scope of a question about the organization itself.
const organizationScope = "organization"

// evaluate answers a question about an organization as it was at a time. Who may ask is decided
// by the organization as it is now. The system may ask about everybody, people about themselves
// and about those whose access they may see. People who ask about themselves get no for an
// organization or a project that they do not see. The system gets an error for an
// organization or a permission that there is not, since it may know.
func (q *checkQuestion) evaluate(org, then domain.Organization, actor events.UserID, past bool) (bool, error) {
	if err := q.validate(); err != nil {
		return false, err
	}
	may, err := q.mayAsk(org, actor, past)
	switch {
	case !may || err != nil:
		return false, err
	case actor == events.System && !then.Exists():
		return false, domain.ErrNoOrganization
	}
	if q.Scope == organizationScope {
		return then.AllowsInOrganization(q.User, q.Permission, q.Level)
	}
	return then.Allows(q.User, q.Project, q.Permission, q.Level)
}

// validate fails if something is missing. A question without a project must not turn into
// one about the organization: some permissions have the same key in both.
func (q *checkQuestion) validate() error {
	for _, field := range []struct {
		name    string
		missing bool
	}{{"organization", q.Organization == ""}, {"user", q.User == ""}, {"permission", q.Permission == ""}} {
		if field.missing {
			return errMalformed.because("The %s is missing.", field.name)
		}
	}
	switch {
	case q.Scope != "" && q.Scope != organizationScope:
		return errMalformed.because("There is no scope %q; the only one is %q.", q.Scope, organizationScope)
	case (q.Project == "") == (q.Scope == ""):
		return errMalformed.because("Name either a project, or the scope %q.", organizationScope)
	case q.Level == "none" || q.Level == "off":
		return errMalformed.because("Everybody has the level %q, so a check for it says nothing; ask for a higher one.", q.Level)
	}
	return nil
}

// mayAsk reports whether an actor is told more than no, by the organization as it is now. It
// fails for those who ask about others and may not. What somebody does not see now, they do
// not see in the past either.
func (q *checkQuestion) mayAsk(org domain.Organization, actor events.UserID, past bool) (bool, error) {
	switch {
	case actor == events.System:
		return true, nil
	case actor != q.User:
		err := q.authorize(org, actor)
		return err == nil, err
	}
	return org.Sees(actor) && (!past || q.Project == "" || org.SeesProject(actor, q.Project)), nil
}

// authorize fails unless the actor may see what the user may do there.
func (q *checkQuestion) authorize(org domain.Organization, actor events.UserID) error {
	if q.Scope == organizationScope {
		return hideMembers(org.Authorize(actor, domain.SeeingMembers, domain.About{Member: q.User}))
	}
	return org.Authorize(actor, domain.SeeingAccessOfOthers, domain.About{Project: q.Project, Member: q.User})
}

func (c *check) countAllowed() (allowed, denied int) {
	for _, answer := range c.Answers {
		if answer.Allowed {
			allowed++
		}
	}
	return allowed, len(c.Answers) - allowed
}

func (c *check) release() {
	if cap(c.body) <= maxKept {
		clear(c.Questions)
		checks.Put(c)
	}
}

// limitChecks counts all questions but the first, which was counted before, for the actor. From the
// bucket of each organization it takes as many as there are about it.
func (s *Server) limitChecks(w http.ResponseWriter, actor events.UserID, questions []checkQuestion) error {
	about := map[events.OrganizationID]int{}
	for i := range questions {
		about[questions[i].Organization]++
	}
	for org := range about {
		s.recent.note(org, actor)
	}
	if actor == events.System {
		return nil
	}
	s.rates.addActor(w.Header(), checkRequest, actor, len(questions)-1)
	for org, count := range about {
		if err := s.limitOrganization(w, checkRequest, org, actor, count); err != nil {
			return err
		}
	}
	return nil
}
