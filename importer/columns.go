package importer

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// columns returns what each header of a file stands for: a column of ours, or the empty name.
// Headers of a preset's file that stand for nothing are unread.
func (f Format) columns(headers []string, from preset) (columns map[string]string, unread []string, err error) {
	columns = map[string]string{}
	var errs []error
	mapped := map[string]string{}
	for _, theirs := range slices.Sorted(maps.Keys(f.Map)) {
		ours := f.Map[theirs]
		if ours != "" && !slices.Contains(Columns, ours) {
			errs = append(errs, fmt.Errorf("there is no column %q to map %q to; there are %s", ours, theirs, strings.Join(Columns, ", ")))
		}
		if name := columnName(theirs); slices.ContainsFunc(headers, func(header string) bool { return columnName(header) == name }) {
			mapped[name] = ours
		} else {
			errs = append(errs, fmt.Errorf("the file has no column %q to map; it has %s", theirs, strings.Join(headers, ", ")))
		}
	}
	holds := map[string]string{}
	var unknown []string
	for _, header := range headers {
		name := columnName(header)
		ours, known := mapped[name]
		if !known {
			ours, known = from.columns[name]
		}
		if !known && slices.Contains(Columns, name) && f.Preset == "" {
			ours, known = name, true
		}
		switch {
		case from.reads != nil && from.reads(f, name):
		case !known && f.Preset != "":
			unread = append(unread, header)
		case !known:
			unknown = append(unknown, header)
		case ours != "" && holds[ours] != "":
			errs = append(errs, fmt.Errorf("the columns %q and %q are both %q", holds[ours], header, ours))
		}
		columns[header], holds[ours] = ours, header
	}
	if unknown != nil {
		errs = append(errs, &FormatError{"Map", fmt.Sprintf("unknown columns: %s; there are %s", strings.Join(unknown, ", "), strings.Join(Columns, ", "))})
	}
	if errs == nil && holds["user"] == "" && holds["email"] == "" && (f.Preset == "" || holds["login"] == "") {
		errs = append(errs, &FormatError{"Map", "no column says who somebody is: one must be user or email"})
	}
	return columns, unread, errors.Join(errs...)
}
