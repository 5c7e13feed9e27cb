package handlers

import (
	"strings"

	"incident-bot/bot"
	"incident-bot/handlers/grammar"
)

// What concerns one incident runs in the order it came, whether it came by word, button or form. What names no incident
// runs in the lane of its place.

const incidentLane = "incident/"

// number says where a bare number names an incident: anywhere in words that take names from a list, in front of a text
// of one's own.
func number(word string) grammar.Number {
	switch word {
	case "update", "note", "resolve":
		return grammar.Leading
	}
	return grammar.Anywhere
}

// lane is of words that may name an incident. What only asks waits for nothing that cannot be done at present.
func (d *desk) lane(r *bot.Request) string {
	if deedOf(r) == reading {
		return bot.ReadLane(r)
	}
	rules := grammar.Rules{Number: number(r.Word)}
	if stack, ok := d.stackOf(r); ok {
		rules.URL = stack.IncidentID
	}
	if id := grammar.Parse(r.Args, rules).Incident; id != "" {
		return incidentLane + id
	}
	return ""
}

// clickedLane is of buttons whose value is an incident's id.
func clickedLane(r *bot.Request) string { return incidentLane + firstPart(r.Action.Value) }

// formLane is of forms that carry an incident's id.
func formLane(r *bot.Request) string { return incidentLane + formID(r) }

// ownLane is of what asks nothing of Grafana, and so waits for nothing that does: what waits can be seen and dropped
// above all while Grafana is slow.
func ownLane(r *bot.Request) string { return "own/" + r.Actor.UserID }

// titleLane is of declarations: two of the same title run one after the other, others side by side. A severity that is
// said in two words is no part of the title where the stack is known to have it.
func (d *desk) titleLane(r *bot.Request) string {
	title := r.View.Values[fieldTitle]
	if r.Kind != bot.Submission {
		var severities []string
		if stack, ok := d.stackOf(r); ok {
			severities = severityLabels(stack.KnownSeverities())
		}
		title = grammar.Parse(strings.TrimPrefix(r.Args, another), declareRules(severities)).Text
	}
	return "declare/" + sameTitle(title)
}
