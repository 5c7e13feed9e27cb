package bot

import (
	"strings"
	"unicode"
)

// firstWord splits off the word that chooses the route, lower-cased and without the colon or comma that people put
// after it ("note: …"). rest is what follows, as Slack sent it.
func firstWord(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	word = strings.TrimRight(text[:end], ":,")
	return strings.ToLower(word), strings.TrimSpace(text[end:])
}

// cutMention takes the first mention of the bot out of a message and gives what stands before and after it. Slack
// writes it <@U1> or <@U1|name>. While the bot's own id is not known, the first mention of anybody is taken.
func cutMention(text, bot string) (before, after string) {
	for from := 0; ; {
		at := strings.Index(text[from:], "<@")
		if at < 0 {
			return "", strings.TrimSpace(text)
		}
		at += from
		end := strings.IndexByte(text[at:], '>')
		if end < 0 {
			return "", strings.TrimSpace(text)
		}
		id, _, _ := strings.Cut(text[at+2:at+end], "|")
		if id == bot || bot == "" {
			return strings.TrimSpace(text[:at]), strings.TrimSpace(text[at+end+1:])
		}
		from = at + end
	}
}

// said gives the words of a mention: usually what follows it. When what stands before begins with a known word, the
// mention was an aside ("list, @incident-bot"); when nothing follows, what stands before is all there is.
func said(text, bot string, known func(word string) bool) string {
	before, after := cutMention(text, bot)
	if before == "" {
		return after
	}
	if word, _ := firstWord(before); known(word) || after == "" {
		return strings.TrimSpace(before + " " + after)
	}
	return after
}
