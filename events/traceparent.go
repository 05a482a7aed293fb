package events

import "strings"

// Traceparent names the step of a distributed trace in which a command was given: the header traceparent of
// W3C Trace Context (https://www.w3.org/TR/trace-context/), in its version 00. The zero value is none.
type Traceparent string

// The parts of a header, in characters: version-traceid-parentid-flags.
const (
	versionEnd     = 2
	traceBegin     = versionEnd + 1
	traceEnd       = traceBegin + 32
	parentBegin    = traceEnd + 1
	parentEnd      = parentBegin + 16
	flagsBegin     = parentEnd + 1
	traceparentLen = flagsBegin + 2
)

// ParseTraceparent reads the value of a header. It returns none if the value is not valid: such a header is to be ignored. A
// later version is read as version 00, as the specification wants it: what only that version has is left out.
func ParseTraceparent(text string) Traceparent {
	if len(text) < traceparentLen || text[versionEnd] != '-' || text[traceEnd] != '-' || text[parentEnd] != '-' {
		return ""
	}
	version, trace, parent, flags := text[:versionEnd], text[traceBegin:traceEnd], text[parentBegin:parentEnd], text[flagsBegin:traceparentLen]
	for _, part := range []string{version, trace, parent, flags} {
		if strings.Trim(part, "0123456789abcdef") != "" {
			return ""
		}
	}
	rest := text[traceparentLen:]
	switch {
	case version == "ff", strings.Trim(trace, "0") == "", strings.Trim(parent, "0") == "":
		return ""
	case version == "00" && rest == "":
		return Traceparent(text)
	case version == "00", rest != "" && rest[0] != '-':
		return ""
	}
	return Traceparent("00-" + trace + "-" + parent + "-" + sampledOnly(flags))
}

// sampledOnly returns flags with the bit alone that every version has: whether the trace is recorded.
func sampledOnly(flags string) string {
	if strings.ContainsRune("13579bdf", rune(flags[1])) {
		return "01"
	}
	return "00"
}
