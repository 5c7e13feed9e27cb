package incidenttest

import (
	"errors"
	"strings"
	"time"
)

// errQuery is all the API says about a query it cannot read.
var errQuery = errors.New("invalid query string")

// subject is an incident that a query is tried on.
type subject struct {
	*Incident
	org *org
}

// predicate says whether a query, or a part of it, names an incident.
type predicate func(subject) bool

// maxQuery bounds the length of a query and with it the depth of its or( ).
const maxQuery = 8 << 10

// parseQuery reads the language of queryString: terms name:value beside each other are all to hold, or(a b) wants one of
// them. A value may stand in single or double quotes and holds no quote of that kind: there is no escape.
func parseQuery(text string) (predicate, error) {
	if len(text) > maxQuery {
		return nil, errQuery
	}
	p := &parser{rest: text}
	all, err := p.terms(false)
	if err != nil {
		return nil, err
	}
	return every(all), nil
}

func every(all []predicate) predicate {
	return func(s subject) bool {
		for _, holds := range all {
			if !holds(s) {
				return false
			}
		}
		return true
	}
}

func some(all []predicate) predicate {
	return func(s subject) bool {
		for _, holds := range all {
			if holds(s) {
				return true
			}
		}
		return false
	}
}

// parser reads a query from the left.
type parser struct{ rest string }

// terms reads up to the end, or to the ")" of the group it is in.
func (p *parser) terms(group bool) ([]predicate, error) {
	var all []predicate
	for {
		p.rest = strings.TrimLeft(p.rest, " \t\r\n")
		switch {
		case p.rest == "" && group:
			return nil, errQuery
		case p.rest == "":
			return all, nil
		case p.rest[0] == ')' && group:
			p.rest = p.rest[1:]
			return all, nil
		}
		one, err := p.term()
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
}

// term reads one name:value or or(…).
func (p *parser) term() (predicate, error) {
	if inner, ok := strings.CutPrefix(p.rest, "or("); ok {
		p.rest = inner
		all, err := p.terms(true)
		if err != nil || len(all) == 0 {
			return nil, errQuery
		}
		return some(all), nil
	}
	at := strings.IndexAny(p.rest, ": \t\r\n()\"'")
	if at <= 0 || p.rest[at] != ':' {
		return nil, errQuery
	}
	name := p.rest[:at]
	p.rest = p.rest[at+1:]
	if name == "field" {
		at := strings.IndexAny(p.rest, ": \t\r\n()\"'")
		if at <= 0 || p.rest[at] != ':' {
			return nil, errQuery
		}
		name, p.rest = "field:"+p.rest[:at], p.rest[at+1:]
	}
	value, err := p.value()
	if err != nil {
		return nil, err
	}
	return newTerm(name, value)
}

// value reads a value, in quotes or up to a space or bracket. After a quote a space, a bracket or the end must follow.
func (p *parser) value() (string, error) {
	if p.rest == "" {
		return "", errQuery
	}
	if q := p.rest[:1]; q == `"` || q == "'" {
		value, rest, ok := strings.Cut(p.rest[1:], q)
		if !ok || rest != "" && !strings.ContainsRune(" \t\r\n)", rune(rest[0])) || q == "'" && strings.Contains(value, `"`) {
			return "", errQuery // grafana/gcx: a double quote inside single ones is refused
		}
		p.rest = rest
		return value, nil
	}
	end := strings.IndexAny(p.rest, " \t\r\n()\"'")
	if end < 0 {
		end = len(p.rest)
	}
	value := p.rest[:end]
	if value == "" || end < len(p.rest) && strings.ContainsRune(`("'`, rune(p.rest[end])) {
		return "", errQuery
	}
	p.rest = p.rest[end:]
	return value, nil
}

// moment reads a time as the API writes it, the zero time for "" and what cannot be read.
func moment(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
