package mailbox_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/idna"

	"github.com/seed-2026d078/roster/internal/mailbox"
)

func TestParse(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 64)
	label := strings.Repeat("b", 59)
	for _, c := range []struct{ name, sent, want string }{
		{"as it is", "ada@example.org", "ada@example.org"},
		{"space around it", " ada@example.org\t", "ada@example.org"},
		{"case is kept", "Ada@EXAMPLE.org", "Ada@EXAMPLE.org"},
		{"a sub-address", "ada+lists@example.org", "ada+lists@example.org"},
		{"all that an atom may have", "!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"},
		{"one label", "ada@localhost", "ada@localhost"},
		{"letters before the @", "adé@example.org", "adé@example.org"},
		{"letters of two parts", "ade\u0301@example.org", "adé@example.org"},
		{"quotes that are needed", `"ada lovelace"@example.org`, `"ada lovelace"@example.org`},
		{"quotes that are not needed", `"ada.lovelace"@example.org`, "ada.lovelace@example.org"},
		{"escapes that are not needed", `"a\d\a"@example.org`, "ada@example.org"},
		{"escapes that are needed", `"a\"d\\a"@example.org`, `"a\"d\\a"@example.org`},
		{"an @ in quotes", `"ada@home"@example.org`, `"ada@home"@example.org`},
		{"dots in quotes", `"ada..l"@example.org`, `"ada..l"@example.org`},
		{"a domain with letters", "ada@bücher.example", "ada@bücher.example"},
		{"a domain with capitals", "ada@BÜCHER.Example", "ada@bücher.example"},
		{"the same domain in ASCII", "ada@xn--bcher-kva.example", "ada@bücher.example"},
		{"the same in capitals", "ada@XN--BCHER-KVA.EXAMPLE", "ada@bücher.example"},
		{"an ß is a letter", "ada@straße.example", "ada@straße.example"},
		{"full-width letters", "ada@ｅxample.org", "ada@example.org"},
		{"an ideographic dot", "ada@例え。テスト", "ada@例え.テスト"},
		{"the longest local part", long + "@example.org", long + "@example.org"},
		{"the longest address", long + "@" + strings.Repeat(label+".", 3) + "bbbbb.org", long + "@" + strings.Repeat(label+".", 3) + "bbbbb.org"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := mailbox.Parse(c.sent)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
			again, err := mailbox.Parse(got)
			require.NoError(t, err)
			assert.Equal(t, got, again)
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	label := strings.Repeat("b", 63)
	for _, c := range []struct{ name, sent, says string }{
		{"nothing", "", "it has no @"},
		{"no @", "at home", "it has no @"},
		{"nothing before it", "@example.org", "there is nothing before the @"},
		{"nothing behind it", "ada@", "there is nothing behind the @"},
		{"two", "ada@home@example.org", "several @"},
		{"a display name", "Ada <ada@example.org>", "write the address alone"},
		{"a quoted display name", `"Ada L" <ada@example.org>`, "write the address alone"},
		{"brackets", "<ada@example.org>", "write the address alone"},
		{"a comment behind it", "ada@example.org (Ada)", "without a comment"},
		{"a comment before it", "ada(Ada)@example.org", `'(' before the @`},
		{"several", "ada@example.org, bob@example.org", "several @"},
		{"a space", "ada l@example.org", "a space before the @"},
		{"a line break", "ada\n@example.org", `'\n' before the @`},
		{"a header that follows", "ada@example.org\nBcc: all@example.org", "several @"},
		{"a control character", "ada\x00@example.org", `'\x00' before the @`},
		{"an invisible character", "ada\u200b@example.org", "before the @"},
		{"an invisible character in the domain", "ada@exam\u200bple.org", "not seen"},
		{"a reversed direction", "ada\u202e@example.org", "before the @"},
		{"a dot in the beginning", ".ada@example.org", "dot"},
		{"a dot in the end", "ada.@example.org", "dot"},
		{"two dots", "a..da@example.org", "dot"},
		{"a domain with a dot in the end", "ada@example.org.", "ends with a dot"},
		{"a domain with a dot in the beginning", "ada@.example.org", "no domain"},
		{"an underscore", "ada@a_b.example", "no domain"},
		{"a hyphen in the end", "ada@a-.example", "no domain"},
		{"an IP address", "ada@[192.0.2.1]", "no IP address"},
		{"quotes without an end", `"ada@example.org`, "do not end"},
		{"quotes and no @", `"ada"example.org`, "an @ is missing"},
		{"empty quotes", `""@example.org`, "nothing before the @"},
		{"a line break in quotes", "\"a\nb\"@example.org", "in the quotes"},
		{"an xn-- that is none", "ada@xn--a.example", "no domain"},
		{"an xn-- that hides ASCII", "ada@xn--example-.org", "no domain"},
		{"a label that is too long", "ada@" + label + "b.example", "no domain"},
		{"a local part that is too long", strings.Repeat("a", 65) + "@example.org", "64 bytes"},
		{"a local part of 65 bytes", strings.Repeat("é", 32) + "a@example.org", "64 bytes"},
		{"an address that is too long", "ada@" + strings.Repeat(label+".", 3) + strings.Repeat("c", 60), "254 bytes"},
		{"a domain that is too long in ASCII", "ada@" + strings.Repeat(strings.Repeat("ü", 20)+".", 12) + "example", "no domain"},
		{"a text that is much too long", "ada@" + strings.Repeat("ü.", 1<<20), "254 bytes"},
		{"no UTF-8", "ad\xff@example.org", "not UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := mailbox.Parse(c.sent)
			require.Error(t, err, "it is %q", got)
			assert.ErrorContains(t, err, c.says)
		})
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		a, b string
		same bool
	}{
		{"case", "Ada@Example.ORG", "ada@example.org", true},
		{"sub-addresses", "ada+a@example.org", "ada@example.org", false},
		{"dots", "a.da@example.org", "ada@example.org", false},
		{"quotes", `"Ada"@example.org`, "ada@example.org", true},
		{"letters of two parts", "ADE\u0301@example.org", "adé@example.org", true},
		{"a small letter alone is in one part", "J\u030c@example.org", "ǰ@example.org", true},
		{"an international domain", "ada@XN--BCHER-KVA.example", "ada@bücher.example", true},
		{"ß and ss", "ada@strasse.example", "ada@straße.example", false},
		{"the two small sigmas", "ΝΙΚΟΣ@example.org", "νικος@example.org", true},
		{"a dotted capital İ is no i", "İda@example.org", "ida@example.org", false},
		{"a long s is no s", "ſam@example.org", "sam@example.org", false},
		{"what is no address", " At Home ", "at home", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.same, mailbox.Key(c.a) == mailbox.Key(c.b), "%q and %q", mailbox.Key(c.a), mailbox.Key(c.b))
			assert.Equal(t, mailbox.Key(c.a), mailbox.Key(mailbox.Key(c.a)))
		})
	}
}

// FuzzParse holds that a parsed address parses as itself, that each form of it has one key, and that it is safe to write into a header.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"ada@example.org", `"ada l\"ove"@example.org`, "Ada <ada@x>", "adé@BÜCHER.example", "ada@xn--bcher-kva.example", "ΝΙΚΟΣ@例え。テスト", "J\u030c@x",
		"ada@[192.0.2.1]", "a@b.", `""@x`, "a(b)@c", "ada@xn--a-.x", "\u200bada@x", "ada@\u0130.x", strings.Repeat("a", 64) + "@x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		mailbox.Key(sent)
		address, err := mailbox.Parse(sent)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		again, err := mailbox.Parse(address)
		require.NoError(t, err, "%q is no address as it is kept: %q", sent, address)
		assert.Equal(t, address, again)
		assert.True(t, utf8.ValidString(address))
		assert.LessOrEqual(t, len(address), 254)
		assert.NotContains(t, address, "\n")
		assert.NotContains(t, address, "\r")
		key := mailbox.Key(address)
		assert.Equal(t, key, mailbox.Key(sent))
		assert.Equal(t, key, mailbox.Key(key))
		at := strings.LastIndexByte(address, '@')
		ascii, err := idna.ToASCII(address[at+1:])
		require.NoError(t, err)
		assert.Equal(t, key, mailbox.Key(address[:at+1]+strings.ToUpper(ascii)))
	})
}
