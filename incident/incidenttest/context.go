package incidenttest

import (
	"slices"
	"strings"
)

// attach makes the addresses in a text context of an incident, each once.
func (i *Incident) attach(text string) {
	for _, url := range addresses(text) {
		if !slices.Contains(i.Context, url) {
			i.Context = append(i.Context, url)
		}
	}
}

// addresses are the http(s) URLs in a text, without the brackets and the punctuation around them.
func addresses(text string) []string {
	var all []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n<>|\"", r) }) {
		at := strings.Index(word, "http")
		if at < 0 {
			continue
		}
		url := strings.TrimRight(word[at:], ".,;:!?)]}'*_~")
		if strings.HasPrefix(url, "http://") && len(url) > len("http://") || strings.HasPrefix(url, "https://") && len(url) > len("https://") {
			all = append(all, url)
		}
	}
	return all
}

type contextItem struct {
	ContextID  string `json:"contextID"`
	IncidentID string `json:"incidentID"`
	Kind       string `json:"kind"`
	URL        string `json:"url"`
}

type contextOut struct {
	Context []contextItem `json:"incidentContext"`
}

type contextIn struct {
	Query idIn `json:"query"`
}

// queryContext lists the URLs attached to an incident. The real answer's shape is not documented; this one is a guess.
func queryContext(s *Server, who *account, in contextIn) (contextOut, error) {
	r, err := s.visible(who, in.Query.IncidentID)
	if err != nil {
		return contextOut{}, err
	}
	out := contextOut{Context: []contextItem{}}
	for _, url := range r.Context {
		out.Context = append(out.Context, contextItem{ContextID: slug(url), IncidentID: r.ID, Kind: "genericURL", URL: url})
	}
	return out, nil
}
