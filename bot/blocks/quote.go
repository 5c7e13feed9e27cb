package blocks

import "strings"

// Quote shows foreign text as a quotation: escaped, and then each line marked. Escaping first is what keeps the mark
// alive. Empty text gives "".
func Quote(s string) Mrkdwn {
	s = strings.TrimRight(tidy(s), "\n\t ")
	if s == "" {
		return ""
	}
	return Mrkdwn("> " + strings.ReplaceAll(string(Escape(s)), "\n", "\n> "))
}
