// Package importer imports the history of another system into Roster, and lists of people.
//
// A history is a file, a [Trace], with one JSON object a line, compressed with gzip or
// not. Each line says what happened to an organization, and when:
//
//	{"seq":1,"time":"2024-03-01T09:00:00Z","commit":"c1","org":"north","op":"org_created","name":"North"}
//	{"seq":2,"time":"2024-03-01T09:00:00Z","commit":"c1","org":"north","op":"member_added","user":"ada","role":"admin","login":"Ada"}
//
// The fields seq, time, commit, org and op are on every line; the others belong to the op.
// seq counts lines from 1, and time never goes back.
//
//	trace, err := importer.Open("trace.jsonl.gz")
//	...
//	defer trace.Close()
//	summary, err := importer.Import(ctx, client.New(url, key), trace, importer.Options{})
//
// # Guarantees
//
// Every line becomes an ordinary command, with the time at which it happened, which the
// rules may refuse. Lines of one commit and organization take effect together, up to
// 1,000. A file with a line that is broken is not imported at all; a line that a rule refuses
// ends the import, with everything before it imported: both with a [*LineError]. Empty lines
// and a byte order mark are skipped. Logins that differ only in case are one user. Imported
// again, the history goes on behind what the server has, so an import can be interrupted and
// repeated. The key must be the system's.
//
// # People
//
// A list of people is CSV or JSON, with the columns in [Columns], or with those of another
// product: [ReadPeople] reads it as a [Format] says. [ImportPeople] then makes the people members
// of an organization, or invites them, and says of every row what became of it. Repeated, it
// skips those who are there:
//
//	people, err := importer.ReadPeople(file, importer.Format{})
//	...
//	results, err := importer.ImportPeople(ctx, client.New(url, key), "acme", people, importer.PeopleOptions{})
package importer
