package incident

import (
	"net/url"
	"strings"
	"unicode"
)

// IncidentURL is an incident's page in Grafana, by its id alone.
func (s *Stack) IncidentURL(id string) string { return s.at.page(id, "") }

// IncidentID finds the incident in a pasted page address of this stack, under either plugin's path, also in Slack's form
// <https://…|label>. Addresses of other stacks, and other pages of this one, are not ok.
func (s *Stack) IncidentID(text string) (id string, ok bool) {
	text = strings.Trim(unwrap(text), "<>")
	text, _, _ = strings.Cut(text, "|")
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil {
		return "", false
	}
	return s.at.incidentIn(u)
}

// page is where an incident is shown: <stack>/a/grafana-irm-app/incidents/<id>/<slug>.
func (a address) page(id, slug string) string {
	page := a.stack + "/a/" + a.plugin + "/incidents/" + url.PathEscape(id)
	if slug != "" {
		page += "/" + url.PathEscape(slug)
	}
	return page
}

// incidentIn reads the id from a page's address if that is of this stack. The scheme does not matter: people type what
// they like.
func (a address) incidentIn(u *url.URL) (string, bool) {
	own, err := url.Parse(a.stack)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || !sameHost(own, u) {
		return "", false
	}
	path, under := strings.CutPrefix(u.EscapedPath(), own.EscapedPath()+"/a/")
	plugin, path, _ := strings.Cut(path, "/")
	path, isIncident := strings.CutPrefix(path, "incidents/")
	if !under || !isIncident || !knownPlugin(plugin) {
		return "", false
	}
	path, _, _ = strings.Cut(path, "/")
	id, err := url.PathUnescape(path)
	if err != nil || !validID(id) || id == "declare" { // the page of the declare form
		return "", false
	}
	return id, true
}

// sameHost compares names without case, and ports with the schemes' usual ones left out.
func sameHost(a, b *url.URL) bool {
	port := func(u *url.URL) string {
		if p := u.Port(); p != "443" && p != "80" {
			return p
		}
		return ""
	}
	return strings.EqualFold(strings.TrimSuffix(a.Hostname(), "."), strings.TrimSuffix(b.Hostname(), ".")) && port(a) == port(b)
}

// validID says whether a text can be an incident's id. Ids are numbers written as strings today ("19"), and opaque.
func validID(id string) bool {
	return id != "" && len(id) <= 128 && !strings.ContainsFunc(id, func(r rune) bool {
		return r == '/' || r == '"' || r == '<' || r == '>' || r == '|' || unicode.IsSpace(r) || !unicode.IsPrint(r)
	})
}

// overview makes the overviewURL of an incident absolute. The API gives a path; whatever leads away from the stack, or
// to another incident, is dropped.
func (a address) overview(overviewURL, id string) string {
	own, err := url.Parse(a.stack + "/")
	if err != nil || overviewURL == "" {
		return ""
	}
	u, err := own.Parse(overviewURL)
	if err != nil {
		return ""
	}
	if got, ok := a.incidentIn(u); !ok || got != id || u.User != nil {
		return ""
	}
	return own.Scheme + "://" + own.Host + u.EscapedPath()
}
