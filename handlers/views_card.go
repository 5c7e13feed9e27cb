package handlers

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// The two statuses every stack has.
const (
	statusActive   = "active"
	statusResolved = "resolved"
)

// card shows an incident: what it is, how bad, since when, who leads, and what can be done. Its plain text tells the
// same without blocks.
func card(i incident.Incident, now time.Time) blocks.Message {
	return blocks.NewMessage(cardText(i, now),
		blocks.Header(title(i)),
		blocks.Section(blocks.Join("   ", blocks.Textf("*State* %s", state(i)), blocks.Textf("*Severity* %s", either(i.Severity, "not set")), lead(i))),
		blocks.Context(since(i, now), cardLabels(i), openTasks(i)),
		blocks.Actions("card/"+i.ID, cardButtons(i)...),
	)
}

// title is the headline: number, whether it is a drill, title.
func title(i incident.Incident) string {
	parts := []string{"#" + i.ID}
	if i.Drill {
		parts = append(parts, "Drill:")
	}
	return strings.Join(append(parts, either(i.Title, "(no title)")), " ")
}

// state is the status in words.
func state(i incident.Incident) string { return either(i.Status, "unknown") }

// resolved says whether the incident is over, as far as its status tells.
func resolved(i incident.Incident) bool {
	return strings.EqualFold(i.Status, statusResolved) || !i.Closed.IsZero()
}

func cardText(i incident.Incident, now time.Time) blocks.Mrkdwn {
	line := blocks.Textf("%s — %s, severity %s", blocks.Cut(title(i), 300), state(i), either(i.Severity, "not set"))
	return blocks.Join(", ", line, lead(i), since(i, now), cardLabels(i), openTasks(i))
}

// lead names whoever leads, in the role that Grafana made for it.
func lead(i incident.Incident) blocks.Mrkdwn {
	for _, a := range i.Roles {
		if strings.EqualFold(a.Role, "commander") && a.Name != "" {
			return blocks.Textf("*Lead* %s", blocks.Cut(a.Name, 80))
		}
	}
	return ""
}

// since says when it was declared and by whom, and when it ended.
func since(i incident.Incident, now time.Time) blocks.Mrkdwn {
	var parts []blocks.Mrkdwn
	if !i.Declared.IsZero() {
		parts = append(parts, blocks.Textf("declared %s", blocks.Date(i.Declared)))
		if !resolved(i) {
			parts = append(parts, blocks.Textf("open for %s", blocks.Since(i.Declared, now)))
		}
	}
	if !i.Closed.IsZero() {
		parts = append(parts, blocks.Textf("resolved %s", blocks.Date(i.Closed)))
	}
	return blocks.Join(", ", parts...)
}

// labelsShown keeps a card short.
const labelsShown = 8

func cardLabels(i incident.Incident) blocks.Mrkdwn {
	if len(i.Labels) == 0 {
		return ""
	}
	parts := make([]blocks.Mrkdwn, 0, labelsShown)
	for n, l := range i.Labels {
		if n == labelsShown {
			parts = append(parts, blocks.Textf("and %d more", len(i.Labels)-n))
			break
		}
		parts = append(parts, labelText(l))
	}
	return blocks.Textf("labels %s", blocks.Join(", ", parts...))
}

func labelText(l incident.Label) blocks.Mrkdwn {
	if l.Key == "" || l.Key == "tags" {
		return blocks.Escape(blocks.Cut(l.Value, 60))
	}
	return blocks.Textf("%s=%s", blocks.Cut(l.Key, 60), blocks.Cut(l.Value, 60))
}

func openTasks(i incident.Incident) blocks.Mrkdwn {
	open := 0
	for _, t := range i.Tasks {
		if !t.Done {
			open++
		}
	}
	switch open {
	case 0:
		return ""
	case 1:
		return "1 open task"
	}
	return blocks.Textf("%d open tasks", open)
}

// cardButtons are what can be done with an incident in its state. Their value is its id; everything is asked again when
// they are clicked.
func cardButtons(i incident.Incident) []slack.BlockElement {
	page := blocks.LinkButton("grafana", "Open in Grafana", i.URL)
	if resolved(i) {
		return []slack.BlockElement{
			blocks.Button(buttonNote, i.ID, "Note"),
			blocks.Confirm(blocks.Button(buttonReopen, i.ID, "Reopen"), "Reopen", "Make #"+i.ID+" active again?", "Reopen", "Leave resolved"),
			page,
		}
	}
	return []slack.BlockElement{
		blocks.Button(buttonUpdate, i.ID, "Update"),
		blocks.Button(buttonNote, i.ID, "Note"),
		blocks.Button(buttonSeverity, i.ID, "Severity"),
		blocks.Button(buttonResolve, i.ID, "Resolve"),
		page,
	}
}
