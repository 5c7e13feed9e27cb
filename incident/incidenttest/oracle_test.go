package incidenttest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// The oracle draws queries as trees, writes them in the language of queryString, and works out by itself, from plain
// rules and without the parser, what each should find.

// drawn is a query: how it is written and whether it names an incident.
type drawn struct {
	text  string
	names func(*Incident) bool
}

// quote writes a value in one of the ways the language allows.
func quote(draw *rand.Rand, value string) string {
	bare := value != "" && !strings.ContainsAny(value, " \t()\"'")
	switch way := draw.IntN(3); {
	case way == 0 && bare:
		return value
	case way == 1 && !strings.ContainsAny(value, `'"`):
		return "'" + value + "'"
	}
	return `"` + value + `"`
}

// drawTerm draws one name:value.
func drawTerm(draw *rand.Rand) drawn {
	one := func(of ...string) string { return of[draw.IntN(len(of))] }
	switch draw.IntN(6) {
	case 0:
		v := one("checkout", "CHECK", "it's", "a b", "none")
		return drawn{"title:" + quote(draw, v), func(i *Incident) bool { return strings.Contains(strings.ToLower(i.Title), strings.ToLower(v)) }}
	case 1:
		v := one("active", "resolved", "Under watch", "under-watch")
		return drawn{"status:" + quote(draw, v), func(i *Incident) bool {
			return i.Status == v || i.Status == "Under watch" && v == "under-watch"
		}}
	case 2:
		v := one("critical", "Major", "PENDING")
		return drawn{"severity:" + quote(draw, v), func(i *Incident) bool { return strings.EqualFold(i.Severity, v) }}
	case 3:
		v := one("true", "false")
		return drawn{"isdrill:" + quote(draw, v), func(i *Incident) bool { return i.IsDrill == (v == "true") }}
	case 4:
		v := one("https://example.com/a?b=c:d", "https://example.com/2")
		return drawn{"context:" + quote(draw, v), func(i *Incident) bool { return len(i.Context) == 1 && i.Context[0] == v }}
	}
	from, to := draw.IntN(30)+1, draw.IntN(30)+1
	day := func(d int) string { return fmt.Sprintf("2026-01-%02dT00:00:00Z", d) }
	return drawn{"declared:" + quote(draw, day(from)+","+day(to)), func(i *Incident) bool { return day(from) <= i.CreatedTime && i.CreatedTime <= day(to) }}
}

// drawQuery draws terms and groups, no deeper than depth, that all have to hold, or one of them in a group.
func drawQuery(draw *rand.Rand, depth int, group bool) drawn {
	var texts []string
	var parts []drawn
	for range draw.IntN(3) + 1 {
		part := drawTerm(draw)
		if depth > 0 && draw.IntN(3) == 0 {
			inner := drawQuery(draw, depth-1, true)
			part = drawn{"or(" + inner.text + ")", inner.names}
		}
		texts, parts = append(texts, part.text), append(parts, part)
	}
	space := []string{" ", "  ", "\t", "\n"}[draw.IntN(4)]
	return drawn{strings.Join(texts, space), func(i *Incident) bool {
		held := 0
		for _, p := range parts {
			if p.names(i) {
				held++
			}
		}
		return held == len(parts) || group && held > 0
	}}
}

// drawIncident draws an incident that the terms above tell apart.
func drawIncident(draw *rand.Rand) *Incident {
	one := func(of ...string) string { return of[draw.IntN(len(of))] }
	return &Incident{Title: one("Checkout", "It's the checkout", "a b", "A  b", ""), Status: one("active", "resolved", "Under watch"), IncidentType: "internal",
		Severity: one("Critical", "Major", "Pending"), IsDrill: draw.IntN(2) == 0, CreatedTime: fmt.Sprintf("2026-01-%02dT00:00:00Z", draw.IntN(30)+1),
		Context: []string{one("https://example.com/a?b=c:d", "https://example.com/2", "https://example.com/a")}}
}

func TestQueriesAgainstAnOracle(t *testing.T) {
	org := tried().org
	hits := 0
	for seed := range uint64(3000) {
		draw := rand.New(rand.NewPCG(seed, 1))
		q := drawQuery(draw, 3, false)
		match, err := parseQuery(q.text)
		if err != nil {
			t.Fatalf("%q: %v", q.text, err)
		}
		for range 20 {
			i := drawIncident(draw)
			want := q.names(i)
			if got := match(subject{i, org}); got != want {
				t.Fatalf("%q on %+v: %t, want %t", q.text, *i, got, want)
			}
			if want {
				hits++
			}
		}
	}
	if hits < 3000 {
		t.Errorf("only %d hits: the oracle draws queries that find nothing", hits)
	}
}

// TestBrokenQueriesAgainstAnOracle breaks good queries in ways that are always wrong.
func TestBrokenQueriesAgainstAnOracle(t *testing.T) {
	for seed := range uint64(500) {
		draw := rand.New(rand.NewPCG(seed, 2))
		q := drawQuery(draw, 2, false).text
		for _, broken := range []string{q + " word", q + ` title:"open`, q + ")", "or(" + q, "any(" + q + ")", "not(" + q + ")", q + " colour:red", q + " title:", q + ` "x"`, "-" + q, q + " OR " + q} {
			if _, err := parseQuery(broken); err == nil {
				t.Errorf("%q was read", broken)
			}
		}
	}
}
