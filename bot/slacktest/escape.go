package slacktest

import (
	"strings"
)

var typedName = lazy(`(^|[\s(])([@#])([\p{L}\p{N}._-]+)`)

// escapeTyped is what Slack makes of what a person typed: & < > become entities. With names, @ana and #ops become
// <@U…|ana> and <#C…|ops> where such a person or channel exists (docs: slash commands, should_escape), and a message's
// @ana becomes <@U…>. The caller holds mu.
func (s *Server) escapeTyped(u *User, text string, labels bool) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	return typedName().ReplaceAllStringFunc(text, func(match string) string {
		m := typedName().FindStringSubmatch(match)
		name := strings.TrimRight(m[3], ".")
		rest := m[3][len(name):]
		id := s.idOf(u, m[2], name)
		if id == "" {
			return match
		}
		if labels {
			id += "|" + name
		}
		return m[1] + "<" + m[2] + id + ">" + rest
	})
}

func (s *Server) idOf(u *User, sigil, name string) string {
	if sigil == "@" {
		for _, other := range s.usersOf(func(o *User) bool { return o.Name == name && o.ws.in == u.ws.in }) {
			return other.ID
		}
		return ""
	}
	for _, c := range s.channelsOf(u.ws.in, func(c *Channel) bool { return c.Name == name && (!c.private || c.has(u.ID)) }) {
		return c.ID
	}
	return ""
}
