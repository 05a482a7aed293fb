package mail

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"
	"unicode"
)

// localeFuncs are what the words of a locale can use.
var localeFuncs = template.FuncMap{"pick": pick, "duration": duration}

// layoutFuncs are what the layout of the plain text can use.
var layoutFuncs = template.FuncMap{"wrap": wrap, "quote": quote}

// pick returns the name of a month.
func pick(month time.Month, names ...string) (string, error) {
	if len(names) != int(time.December) {
		return "", errors.New("pick needs a month and twelve names")
	}
	return names[month-1], nil
}

// duration returns a number of minutes in days or hours if it is a whole number of them, with the name of the unit: those of one minute and of several, then
// of hours and days.
func duration(minutes int, names ...string) (string, error) {
	if len(names) != 6 {
		return "", errors.New("duration needs minutes, and the names of one minute, minutes, one hour, hours, one day, days")
	}
	count := minutes
	switch {
	case minutes%(24*60) == 0:
		count, names = minutes/(24*60), names[4:]
	case minutes%60 == 0:
		count, names = minutes/60, names[2:]
	}
	if count == 1 {
		return "1 " + names[0], nil
	}
	return fmt.Sprint(count, " ", names[1]), nil
}

// line returns a text as one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// paragraphs returns the paragraphs of a text, which empty lines separate. Where a sentence ends with a name that ends in a full stop, such as Acme Inc., it
// gets no second one.
func paragraphs(text string) (all []string) {
	var lines []string
	end := func() {
		words := strings.Fields(strings.Join(lines, " "))
		for i, word := range words {
			if strings.HasSuffix(word, "..") && !strings.HasSuffix(word, "...") {
				words[i] = word[:len(word)-1]
			}
		}
		if len(words) > 0 {
			all = append(all, strings.Join(words, " "))
		}
		lines = nil
	}
	for l := range strings.Lines(text) {
		if strings.TrimSpace(l) == "" {
			end()
			continue
		}
		lines = append(lines, l)
	}
	end()
	return all
}

// width is how many characters a line of plain text has.
const width = 72

// wrap breaks a paragraph into lines.
func wrap(paragraph string) string {
	var out strings.Builder
	column := 0
	for i, word := range strings.Fields(paragraph) {
		size := len([]rune(word))
		switch {
		case i == 0:
		case column+1+size > width:
			out.WriteByte('\n')
			column = 0
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += size
	}
	return out.String()
}

// quote marks every line of a text as somebody's words.
func quote(text string) string {
	var out []string
	for l := range strings.Lines(text) {
		for part := range strings.Lines(wrap(l)) {
			out = append(out, "> "+strings.TrimRight(part, "\n"))
		}
		if strings.TrimSpace(l) == "" {
			out = append(out, ">")
		}
	}
	return strings.Join(out, "\n")
}

// clean takes out of a text what people wrote the characters that do not show, but for line breaks. What is shown next to each other
// must not be turned around, or hidden, by them.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d':
			return -1
		}
		return r
	}, text)
}
