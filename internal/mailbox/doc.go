// Package mailbox says what an email address is, how it is written, and which addresses are the same one. Everything that takes
// an address, or compares two, asks here:
//
//	address, err := mailbox.Parse(text)          // on input
//	same := mailbox.Key(a) == mailbox.Key(b)     // the same mailbox
//
// An address is what RFC 5321 calls a mailbox, with the letters that RFC 6531 adds, and a domain in place of an IP address. It has no
// display name and no comment. Case makes no difference, nor does the form of an international domain, in letters or as xn--
// (IDNA2008, as UTS 46 maps it). Sub-addresses, such as ada+lists@example.org, are addresses of their own.
package mailbox
