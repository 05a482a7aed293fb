package events

// PublicLinkTurnedOn opens a project to everybody who has the link.
type PublicLinkTurnedOn struct {
	Project ProjectID `json:"project"`
	// Token is the SHA-256 of the secret in the link.
	Token Hash `json:"token"`
	// Nonce makes the secrets of two links of a project differ.
	Nonce Nonce `json:"nonce"`
}

func (PublicLinkTurnedOn) Type() Type                 { return "public_link.turned_on.v1" }
func (e PublicLinkTurnedOn) Subjects() []Subject      { return about(e.Project) }
func (PublicLinkTurnedOn) event()                     {}
func (PublicLinkTurnedOn) keepsAccess()               {}
func (e PublicLinkTurnedOn) Secret() (Subject, Nonce) { return e.Project.subject(), e.Nonce }

// PublicLinkRotated replaces the link by another one. The old one no longer works.
type PublicLinkRotated struct {
	Project ProjectID `json:"project"`
	Token   Hash      `json:"token"`
	Nonce   Nonce     `json:"nonce"`
}

func (PublicLinkRotated) Type() Type                 { return "public_link.rotated.v1" }
func (e PublicLinkRotated) Subjects() []Subject      { return about(e.Project) }
func (PublicLinkRotated) event()                     {}
func (PublicLinkRotated) keepsAccess()               {}
func (e PublicLinkRotated) Secret() (Subject, Nonce) { return e.Project.subject(), e.Nonce }

// PublicLinkTurnedOff ends the link of a project at once.
type PublicLinkTurnedOff struct {
	Project ProjectID `json:"project"`
}

func (PublicLinkTurnedOff) Type() Type            { return "public_link.turned_off.v1" }
func (e PublicLinkTurnedOff) Subjects() []Subject { return about(e.Project) }
func (PublicLinkTurnedOff) event()                {}
func (PublicLinkTurnedOff) keepsAccess()          {}
