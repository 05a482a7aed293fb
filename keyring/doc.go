// Package keyring encrypts personal data, each person's under a key of their own.
//
// Events are never deleted, and names and email addresses must be deletable. So an
// event holds such a text encrypted, and the key lies outside of the ledger, in a
// bucket of NATS. Deleting one key makes everything unreadable that was sealed for
// one person: in the ledger, in copies of it and in backups. The ledger itself does
// not change, and its hash chain still verifies.
//
//	keys, err := keyring.Open(ctx, nc, keyring.Config{Master: master})
//	sealed, err := keys.Seal(ctx, "acme", "ada", "Ada Lovelace")
//	text, err := keys.Open(ctx, "acme", sealed)   // "Ada Lovelace"
//	err = keys.Forget(ctx, "acme", "ada")
//	_, err = keys.Open(ctx, "acme", sealed)       // ErrForgotten
//
// # What must be equal
//
// Two sealed texts of the same content differ, so they cannot be compared.
// [Keyring.AddressHash] makes a keyed hash of an email address, by which two
// addresses of an organization can be compared without being read.
// [Keyring.Token] derives the secret of an invite from the invite, so that the
// secret is stored nowhere. Both use one secret that lies in the bucket.
//
// # Guarantees
//
// Sealed texts are bound to their organization and person: copied to another
// place, or altered, they do not open. A key that is not there is a fault
// ([*UnreadableError]) unless Forget has left its mark; nobody is taken for forgotten because
// keys were lost. When [Keyring.Forget] returns, the key is
// overwritten on the disk of the server, and this Keyring does not open the texts
// any more. Another process may have the key in memory for one more minute.
//
// The bucket holds each key wrapped by a master key, which is kept elsewhere: whoever has
// a copy of the bucket alone can read nothing. [RotateMasterKey] wraps all keys by another one.
//
// Whoever loses the bucket, or the master key, loses every name and address: back the bucket up with the
// ledger, and keep the master key apart. A backup of the bucket that is older than a call of Forget holds the
// forgotten key, which opens as long as there is the master key of that time.
package keyring
