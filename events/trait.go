package events

// Creation is an event that creates something which has an id.
type Creation interface {
	Event
	// Created returns what the event creates. It is zero if that is the organization
	// itself.
	Created() Subject
}

// SecretHolder is an event that creates a secret: the token of an invite, or of a public
// link. The event holds the hash of the secret, not the secret.
type SecretHolder interface {
	Event
	// Secret returns what the secret opens, and the nonce that makes it differ from
	// other secrets of the same thing.
	Secret() (Subject, Nonce)
}

// AccessKeeper is an event that changes nobody's role, levels or sight of anything, so
// that whoever compares access before and after can pass over it.
type AccessKeeper interface {
	Event
	keepsAccess()
}
