package blocks

import "strings"

// Plain gives markup as somebody reads it aloud: a link is its label, a date its fallback, a person "@name", and
// entities are characters again. The result is plain text: it goes into markup again only through Escape.
func Plain(m Mrkdwn) string {
	if !strings.ContainsAny(string(m), "<&") {
		return string(m)
	}
	var b strings.Builder
	eachUnit(string(m), func(unit string) bool {
		if len(unit) > 2 && unit[0] == '<' && unit[len(unit)-1] == '>' {
			unit = plainToken(unit[1 : len(unit)-1])
		}
		b.WriteString(unit)
		return true
	})
	return Unescape(b.String())
}

// plainToken reads what stands between < and >.
func plainToken(token string) string {
	target, label, labelled := strings.Cut(token, "|")
	switch target[:min(1, len(target))] {
	case "@", "#":
		if labelled && label != "" {
			return target[:1] + strings.TrimPrefix(label, target[:1])
		}
		return target
	case "!":
		if labelled && label != "" {
			return label
		}
		name, _, _ := strings.Cut(target[1:], "^")
		return "@" + name
	}
	if label != "" {
		return label
	}
	return strings.TrimPrefix(target, "mailto:")
}
