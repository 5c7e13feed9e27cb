package bot

import "testing"

func TestFirstWord(t *testing.T) {
	for in, want := range map[string][2]string{
		"":                       {"", ""},
		"  ":                     {"", ""},
		"list":                   {"list", ""},
		"Note: it  works ":       {"note", "it  works"},
		"NOTE, it":               {"note", "it"},
		"show\u00a042":           {"show", "42"},
		"\n declare\ta\nb ":      {"declare", "a\nb"},
		"#42":                    {"#42", ""},
		":":                      {"", ""},
		"note :fire: it":         {"note", ":fire: it"},
		"déclare x":              {"déclare", "x"},
		"<https://x.example> up": {"<https://x.example>", "up"},
	} {
		if word, rest := firstWord(in); word != want[0] || rest != want[1] {
			t.Errorf("%q: %q, %q", in, word, rest)
		}
	}
}

func TestSaid(t *testing.T) {
	known := func(word string) bool { return word == "list" || word == "note" }
	for name, c := range map[string]struct{ text, bot, want string }{
		"first":                {"<@UBOT> list active", "UBOT", "list active"},
		"with its name":        {"<@UBOT|incident-bot> list", "UBOT", "list"},
		"aside":                {"hey <@UBOT> list", "UBOT", "list"},
		"at the end":           {"list drills <@UBOT>", "UBOT", "list drills"},
		"in the words":         {"note <@UBOT> is back", "UBOT", "note is back"},
		"only the mention":     {" <@UBOT> ", "UBOT", ""},
		"twice":                {"<@UBOT> note <@UBOT> was slow", "UBOT", "note <@UBOT> was slow"},
		"somebody else first":  {"<@U2> see: <@UBOT> list", "UBOT", "list"},
		"nobody knows the bot": {"<@UX|x> list", "", "list"},
		"no mention":           {"list mine", "UBOT", "list mine"},
		"not ours":             {"<@U2> list", "UBOT", "<@U2> list"},
		"never closed":         {"<@UBOT list", "UBOT", "<@UBOT list"},
		"typed by hand":        {"&lt;@UBOT&gt; list", "UBOT", "&lt;@UBOT&gt; list"},
		"thanks":               {"thanks <@UBOT>", "UBOT", "thanks"},
	} {
		if got := said(c.text, c.bot, known); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzSaid(f *testing.F) {
	f.Add("hey <@UBOT|x> list", "UBOT")
	f.Add("<@<@>UBOT", "")
	f.Fuzz(func(t *testing.T, text, bot string) {
		words := said(text, bot, func(word string) bool { return len(word)%2 == 0 })
		word, rest := firstWord(words)
		if len(word)+len(rest) > 3*len(text)+3 { // lower case may be longer than upper case
			t.Errorf("%q gives %q and %q", text, word, rest)
		}
	})
}
