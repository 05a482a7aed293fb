package events

// Sealed is personal data that only the holder of its person's key can read:
// the key's id, a dot, and what AES-256-GCM made of the text, in base64url.
// Deleting the key forgets the text everywhere while history keeps its shape.
// The zero value is no data.
type Sealed string

// AddressHash is the keyed hash (HMAC-SHA-256, base64url) of an email address:
// equal for equal addresses of one organization, telling nothing else.
type AddressHash string

// Nonce is a random text from which the secret of an invite or of a public link is
// derived. Those who may not know the secret must not get the nonce.
type Nonce string
