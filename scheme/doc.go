// Package scheme reads role schemes: files of rules from which organizations choose theirs.
//
// A scheme is a YAML file: which roles there are, what each grants, and who may do what.
// [JSONSchema] describes every setting. Editors that know YAML use it, and so does the
// validation here. The file builtin/owner-member.yaml is a good one to begin with.
//
// # Reading
//
// [Parse] reads one file and returns a [domain.Scheme], which commands and checks use:
//
//	rules, err := scheme.Parse("agency.yaml", text)
//	if broken, ok := errors.AsType[*scheme.Error](err); ok {
//		for _, problem := range broken.Problems {
//			fmt.Println(problem) // agency.yaml:12: project_roles.editor.rank: is missing; ...
//		}
//	}
//
// [BuiltIn] returns the schemes that come with Roster as a [Set]. [Set.With] returns them
// together with those of a folder:
//
//	schemes, err := scheme.BuiltIn()
//	if err != nil {
//		return err
//	}
//	schemes, err = schemes.With(os.DirFS("schemes"))
//
// # Comparing
//
// [Diff] returns what two schemes say differently, setting by setting. [Drift] does the
// same for a scheme that an organization has and the one that it could choose today.
//
// # Guarantees
//
// A scheme that is returned without an error is whole: every role and permission that it
// names exists, each action that it allows can be taken, and it can be recorded in the
// ledger and read again. An [*Error] holds all problems that were found, not only the
// first. Validation does not tell whether rules are wise: a scheme may allow nobody to
// invite anyone.
package scheme
