package conformance_test

import (
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/conformance"
	"github.com/seed-2026d078/roster/scheme"
)

var update = flag.Bool("update", false, "write the document anew")

// TestDocument holds docs/schemes.md to the files of the schemes and to the cases.
func TestDocument(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	require.NoError(t, describe(&text))
	const name = "../../docs/schemes.md"
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(text.String()), 0o644))
	}
	formatted, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, text.String(), string(formatted), "is not what the schemes and the cases say; run the tests with -update and review it")
}

const preamble = `# Schemes

Products disagree about what a member is. An organization picks a scheme when it is
created, and the engine follows what the scheme says. This page shows the ones that are
built in: what roles there are, what each of them may do, and every rule that the product
is held to.

Every rule below has the name of a case that tries it against a running server, over HTTP.
To see whether they hold, run

    roster scheme conformance

and, for the rules of one of them, ` + "`roster scheme conformance --scheme agency`" + `. The schemes
themselves are files: ` + "`roster scheme show agency`" + ` prints one, with the choices that were
made where its product is silent.

`

const everywhere = `What every scheme can say, what effective access is, and what holds where a scheme is
silent. Each is shown under the scheme that shows it best.`

// describe writes the document.
func describe(w io.Writer) error {
	files, err := scheme.Files()
	if err != nil {
		return err
	}
	schemes, err := scheme.BuiltIn()
	if err != nil {
		return err
	}
	abouts := map[string]string{"everywhere": everywhere}
	for key := range schemes {
		text, err := fs.ReadFile(files, key+".yaml")
		if err != nil {
			return err
		}
		abouts[key] = opening(string(text))
	}
	fmt.Fprint(w, preamble, "| scheme | what it is | rules |\n| --- | --- | --- |\n")
	for _, suite := range conformance.Suites() {
		first, _, _ := strings.Cut(abouts[suite.Name], ".")
		fmt.Fprintf(w, "| [%s](#%s) | %s | %d |\n", suite.Name, suite.Name, strings.ReplaceAll(first, "\n", " "), len(suite.Cases))
	}
	for _, suite := range conformance.Suites() {
		fmt.Fprintf(w, "\n## %s\n\n%s\n\n", suite.Name, abouts[suite.Name])
		if scheme := schemes[suite.Name]; scheme != nil {
			describeScheme(w, scheme.Scheme)
		}
		fmt.Fprintf(w, "### The rules of %s\n\n| rule | case |\n| --- | --- |\n", suite.Name)
		for _, c := range suite.Cases {
			fmt.Fprintf(w, "| %s | `%s` |\n", c.Rule, c.Name)
		}
	}
	return nil
}

// opening is the comment with which a file of a scheme begins, after the line for
// editors, without the name of the scheme.
func opening(text string) string {
	var words []string
	for line := range strings.Lines(text) {
		comment, is := strings.CutPrefix(strings.TrimSpace(line), "#")
		if !is {
			break
		}
		if comment = strings.TrimSpace(comment); comment != "" && !strings.HasPrefix(comment, "yaml-language-server") {
			words = append(words, comment)
		}
	}
	_, about, _ := strings.Cut(strings.Join(words, "\n"), ": ")
	return strings.ToUpper(about[:1]) + about[1:]
}
