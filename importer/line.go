package importer

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// line is one line of a trace: what happened to an organization.
type line struct {
	Seq    uint64            `json:"seq"`
	Time   time.Time         `json:"time"`
	Commit string            `json:"commit"`
	Org    string            `json:"org"`
	Op     string            `json:"op"`
	Fields map[string]string `json:",embed"`
	// number counts the lines of the file from 1.
	number int
}

// LineError says what is wrong with a line of a file: of a trace, or of a list of people.
type LineError struct {
	// Number counts lines from 1.
	Number int
	Err    error
	// Started says that the lines before it were imported: they were if a rule refused the
	// line. A file with a line that cannot be read, or means nothing, is not begun.
	Started bool
}

func (e *LineError) Error() string {
	done := "nothing was imported"
	if e.Started && e.Number > 1 {
		done = "everything before it is imported"
	}
	return fmt.Sprintf("line %d: %v; %s: mend the line and import again", e.Number, e.Err, done)
}

func (e *LineError) Unwrap() error { return e.Err }

// readLine reads a line and validates what all lines have.
func readLine(text []byte, before line) (line, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return l, fmt.Errorf("it is not a JSON object of strings with seq and time: %w", err)
	}
	switch {
	case l.Seq != before.Seq+1:
		return l, fmt.Errorf("seq is %d where %d belongs", l.Seq, before.Seq+1)
	case l.Time.IsZero():
		return l, errors.New("time is missing")
	case l.Time.Before(before.Time):
		return l, fmt.Errorf("time goes back from %s to %s", before.Time.Format(time.RFC3339), l.Time.Format(time.RFC3339))
	case l.Commit == "":
		return l, errors.New("commit is missing")
	case l.Org == "":
		return l, errors.New("org is missing")
	case l.Op == "":
		return l, errors.New("op is missing")
	}
	return l, nil
}
