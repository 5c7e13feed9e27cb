package demo

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKeys(t *testing.T) {
	for name, c := range map[string]struct {
		reads []string
		want  []key
	}{
		"letters":           {[]string{"ab"}, []key{'a', 'b'}},
		"enter":             {[]string{"\r\n"}, []key{keyEnter, keyEnter}},
		"emoji in parts":    {[]string{"\xf0\x9f", "\x94", "\xa5x"}, []key{'🔥', 'x'}},
		"no UTF-8":          {[]string{"\xffx"}, []key{'x'}},
		"arrows":            {[]string{"\x1b[A\x1b[B\x1b[C\x1b[D"}, []key{keyUp, keyDown, keyRight, keyLeft}},
		"application mode":  {[]string{"\x1bOA\x1bOH\x1bOF"}, []key{keyUp, keyHome, keyEnd}},
		"arrow in parts":    {[]string{"\x1b", "[", "A"}, []key{keyUp}},
		"with control":      {[]string{"\x1b[1;5C\x1b[1;5D"}, []key{keyWordRight, keyWordLeft}},
		"home, end, delete": {[]string{"\x1b[1~\x1b[4~\x1b[3~\x1b[7~\x1b[8~"}, []key{keyHome, keyEnd, keyDelete, keyHome, keyEnd}},
		"with alt":          {[]string{"\x1bb\x1bf\x1b\x7f"}, []key{keyWordLeft, keyWordRight, keyKillWord}},
		"unknown sequences": {[]string{"\x1b[200~x\x1b[201~\x1bx\x1b[>0;1c"}, []key{'x'}},
		"broken sequence":   {[]string{"\x1b[1\rx"}, []key{keyEnter, 'x'}},
		"escape twice":      {[]string{"\x1b\x1b[A"}, []key{keyUp}},
		"readline": {[]string{"\x01\x02\x03\x04\x05\x06\x08\x09\x0b\x0c\x0e\x10\x15\x17\x7f"}, []key{keyHome, keyLeft, keyInterrupt, keyEOF, keyEnd, keyRight,
			keyBackspace, keyTab, keyKillEnd, keyClear, keyDown, keyUp, keyKillStart, keyKillWord, keyBackspace}},
		"ignored": {[]string{"\x00\x1ax"}, []key{'x'}},
	} {
		var k keys
		var got []key
		for _, read := range c.reads {
			got = append(got, k.feed([]byte(read))...)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// FuzzKeys takes any bytes, in any parts, and comes to the same keys.
func FuzzKeys(f *testing.F) {
	for _, seed := range []string{"abc\r", "\x1b[A", "\x1b[1;5C", "\xf0\x9f\x94\xa5", "\x1b", "\x1bO", "\x1b[\x1b["} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, typed []byte) {
		var whole, parts keys
		want := whole.feed(typed)
		var got []key
		for i := range typed {
			got = append(got, parts.feed(typed[i:i+1])...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q:\n%s", typed, diff)
		}
	})
}
