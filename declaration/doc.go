// Package declaration reads and writes files that declare an organization: who its members
// are, which teams and projects there are, and who is in them.
//
// There are two forms of file. Those of Roster begin with the version of their form:
//
//	roster: 1
//	scheme: github
//	members: {ada: admin, bob: member}
//	teams:
//	  core:
//	    members: {bob: maintainer}
//	    projects: {apollo: write}
//	projects:
//	  apollo: {members: {ada: admin}}
//
// All others are read as those of the tool peribolos, which keeps organizations of GitHub.
// [Read] takes several files that hold parts of one organization, and directories, whose YAML
// files it takes.
//
//	state, err := declaration.Read("acme", "org.yaml", "teams")
//	...
//	receipt, err := c.ApplyDeclaration(ctx, state.Organization, state.Declaration)
//	...
//	err = state.Locate(err) // a refusal with the file and the line of each of its parts
//
// # Guarantees
//
// Every field of a file is understood, or listed in [State.LeftOut] if Roster has no place for
// it, or an error with file and line. What [Write] writes, Read reads as the same declaration,
// as far as the form has a place for it; the bytes depend on the declaration alone.
package declaration
