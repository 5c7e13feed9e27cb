package blocks

import (
	"net/url"
	"strings"
)

// Link shows label as a link. Only an absolute http or https address without white space, |, < and > becomes one;
// otherwise the label alone is shown. A label that looks like another site's address is followed by the real host, and
// an empty label shows the address.
func Link(address, label string) Mrkdwn {
	label = line(label)
	u, ok := parseLink(address)
	if !ok {
		return Escape(label)
	}
	if label == "" {
		return "<" + Escape(address) + ">"
	}
	if strings.Contains(label, "://") && !strings.Contains(label, "://"+u.Host) {
		label += " (" + u.Host + ")"
	}
	return "<" + Escape(address) + "|" + Escape(label) + ">"
}

// parseLink says whether an address may be shown as a link.
func parseLink(address string) (*url.URL, bool) {
	if len(address) > maxURL || strings.ContainsAny(address, "|<>\"`\\ ") || tidy(address) != address ||
		strings.ContainsAny(address, "\n\t") {
		return nil, false
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, false
	}
	return u, true
}

// User mentions a person by id ("U…" or "W…"). What is no such id is shown as text.
func User(id string) Mrkdwn { return mention("@", "UW", id) }

// Channel links to a channel by id ("C…", "G…" or "D…"). What is no such id is shown as text.
func Channel(id string) Mrkdwn { return mention("#", "CGD", id) }

func mention(sigil, kinds, id string) Mrkdwn {
	if !isID(id, kinds) {
		return Escape(line(id))
	}
	return Mrkdwn("<" + sigil + id + ">")
}

// isID says whether id is a Slack id of one of the kinds, which are its possible first letters.
func isID(id, kinds string) bool {
	if len(id) < 2 || len(id) > 32 || strings.IndexByte(kinds, id[0]) < 0 {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
