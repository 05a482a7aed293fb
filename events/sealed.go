package events

// Sealed is personal data that only the holder of its person's key can read:
// the key's id, a dot, and what AES-256-GCM made of the text, in base64url.
// Deleting the key forgets the text everywhere while history keeps its shape.
// The zero value is no data.
type Sealed string

// AddressHash is the keyed hash (HMAC-SHA-256, base64url) of an email address:
// equal for equal addresses of one organization, telling nothing else.
type AddressHash string

// Nonce makes the secret of an invite or of a public link another one each time. The
// secret is derived from it, so that whoever may not know the secret gets no nonce either.
type Nonce string
