package csvtable

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// plainText returns a text without the byte order mark. It fails unless the text is UTF-8 whose lines end with a line feed.
func plainText(text []byte) ([]byte, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	zero := bytes.IndexByte(text, 0)
	switch {
	case bytes.HasPrefix(text, []byte("PK\x03\x04")), bytes.HasPrefix(text, []byte("\xd0\xcf\x11\xe0")):
		return nil, &Error{text: "this is a file of a spreadsheet program, or an archive: save it as CSV"}
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")), zero == 0, zero == 1:
		return nil, &Error{text: "the text is UTF-16: save it as CSV in UTF-8"}
	case zero > 0:
		return nil, at(text, zero, "there is a zero byte: save it as CSV in UTF-8")
	case !utf8.Valid(text):
		return nil, at(text, strings.IndexRune(strings.ToValidUTF8(string(text), "\x00"), 0), "the text is not UTF-8: save it as CSV in UTF-8")
	case bytes.Contains(text, []byte("\r")) && !bytes.Contains(text, []byte("\n")):
		return nil, &Error{text: "the lines end with a carriage return alone: save it with line feeds, or with both"}
	}
	return text, nil
}

// at returns an error at an offset of a text.
func at(text []byte, offset int, says string) *Error {
	before := text[:offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	return &Error{line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]), says}
}
