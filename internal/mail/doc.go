// Package mail sends notices to people by mail.
//
// Package notify hands notices to the outbox ([projections.Outbox]), which keeps them with the checkpoint. A [Sender] takes from there
// what is due, writes it from the newest state, and hands it to a [Transport]: a mail server ([SMTP]), or a directory of files
// ([Directory]) where there is none.
//
//	templates, err := mail.ParseTemplates(os.DirFS("templates"), "en")
//	sender, err := mail.NewSender(mail.Config{Desk: desk, Keyring: keys, Outbox: outbox, Transport: server, Templates: templates, ...})
//	err = sender.Run(ctx)
//
// Mails about what people can switch off have a link of RFC 8058 that does so ([keyring.Keyring.UnsubscribeToken]).
//
// # Guarantees
//
// Each notice is sent at least once to each recipient, unless what it says is no longer so: then it is dropped. It is sent twice
// only if a node ended, or lost the answer, after the mail server had taken it; both have the same Message-ID. Several nodes may each run a Sender.
//
// Names, addresses and secrets are read when a mail is written, and kept nowhere: not in the outbox, in logs or in errors. Of what a mail
// server says, only the codes are kept, since its words often repeat the address.
package mail
