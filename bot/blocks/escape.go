package blocks

import "strings"

// escaper and unescaper work in one pass, so neither sees its own output: "&lt;" typed by a person becomes "&amp;lt;".
var (
	escaper   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	unescaper = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")
)

// Escape makes foreign text show as text. It replaces &, < and > exactly once and nothing else
// (docs: formatting-message-text); without a raw < no mention, link or date can begin.
func Escape(s string) Mrkdwn { return Mrkdwn(escaper.Replace(s)) }

// Unescape gives what a person typed for text as Slack sent it: Slack escapes message text, and command text with
// should_escape, in the same way. Tokens such as <@U1> stay.
func Unescape(s string) string { return unescaper.Replace(s) }

// Typed is Unescape, and undoes the links that Slack made of bare addresses: <https://x.org> and <http://x.org|x.org>
// become https://x.org and x.org again. People and channels (<@U1|ana>, <#C1|ops>) stay tokens.
func Typed(s string) string {
	if !strings.Contains(s, "<") {
		return Unescape(s)
	}
	var b strings.Builder
	eachUnit(s, func(unit string) bool {
		if url, label, ok := linkToken(unit); ok {
			unit = label
			if label == "" {
				unit = strings.TrimPrefix(url, "mailto:")
			}
		}
		b.WriteString(unit)
		return true
	})
	return Unescape(b.String())
}
