package handlers

import (
	"strings"

	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// The two statuses every stack has.
const (
	statusActive   = "active"
	statusResolved = "resolved"
)

// card shows an incident: what it is, how bad, who does what, since when, and what can be done. Its plain text tells the
// same without blocks. A card stays for days and is changed only when the incident is, so it says since when and never
// for how long: that would be wrong a minute later.
func card(i incident.Incident) blocks.Message {
	return blocks.NewMessage(cardText(i),
		blocks.Header(title(i)),
		blocks.Section(blocks.Join("   ", append([]blocks.Mrkdwn{
			blocks.Textf("*State* %s", state(i)), blocks.Textf("*Severity* %s", severityOf(i)),
		}, roles(i, "*%s* %s")...)...)),
		summary(i),
		blocks.Context(since(i), cardLabels(i), openTasks(i)),
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

// nameShown is how much of a status or severity is shown, in characters; people give them short names.
const nameShown = 80

// state is the status in words.
func state(i incident.Incident) string { return blocks.Cut(either(i.Status, "unknown"), nameShown) }

// severityOf is the severity in words.
func severityOf(i incident.Incident) string {
	return blocks.Cut(either(i.Severity, "not set"), nameShown)
}

// resolved says whether the incident is over, as far as its status tells.
func resolved(i incident.Incident) bool {
	return strings.EqualFold(i.Status, statusResolved) || !i.Closed.IsZero()
}

func cardText(i incident.Incident) blocks.Mrkdwn {
	line := blocks.Textf("%s — %s, severity %s", blocks.Cut(title(i), 2100), state(i), severityOf(i))
	facts := append(append([]blocks.Mrkdwn{line}, roles(i, "%s %s")...), since(i), cardLabels(i), openTasks(i))
	return blocks.Join(", ", facts...)
}

// rolesShown keeps a card short.
const rolesShown = 5

// roles names who does what, each as the format says. The role that Grafana made for whoever leads is called so.
func roles(i incident.Incident, format string) []blocks.Mrkdwn {
	var lead, rest []blocks.Mrkdwn
	for _, a := range i.Roles {
		name := blocks.Cut(a.Name, nameShown)
		switch {
		case a.Name == "" || a.Role == "":
		case strings.EqualFold(a.Role, "commander"):
			lead = append(lead, blocks.Textf(format, "Lead", name))
		default:
			rest = append(rest, blocks.Textf(format, capital(blocks.Cut(a.Role, 40)), name))
		}
	}
	all := append(lead, rest...)
	if len(all) > rolesShown {
		all = append(all[:rolesShown:rolesShown], blocks.Textf("and %d more", len(all)-rolesShown))
	}
	return all
}

// capital begins a word with a capital letter.
func capital(word string) string {
	for i, r := range word {
		return strings.ToUpper(string(r)) + word[i+len(string(r)):]
	}
	return word
}

// summary is Grafana's own summary of the incident.
func summary(i incident.Incident) slack.Block {
	if strings.TrimSpace(i.Summary) == "" {
		return nil
	}
	return blocks.Section(blocks.Quote(blocks.Cut(i.Summary, 600)))
}

// serviceAccount begins the name of a creator that is no person (docs: "Service Account: extsvc-…").
const serviceAccount = "Service Account"

// since says when it was declared and by whom, and when it ended.
func since(i incident.Incident) blocks.Mrkdwn {
	var parts []blocks.Mrkdwn
	if !i.Declared.IsZero() {
		parts = append(parts, blocks.Textf("declared %s", blocks.Date(i.Declared)))
		if i.Creator != "" && !strings.HasPrefix(i.Creator, serviceAccount) {
			parts[0] = blocks.Textf("%s by %s", parts[0], blocks.Cut(i.Creator, 80))
		}
	}
	if !i.Closed.IsZero() {
		parts = append(parts, blocks.Textf("resolved %s", blocks.Date(i.Closed)))
		if i.Closed.After(i.Declared) && !i.Declared.IsZero() {
			parts = append(parts, blocks.Textf("after %s", blocks.Since(i.Declared, i.Closed)))
		}
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

// cardButtons are what can be done with an incident in its state. Their value is its id, and what the card showed of what
// they change; everything is asked again when they are clicked.
func cardButtons(i incident.Incident) []slack.BlockElement {
	page := blocks.LinkButton("grafana", "Open in Grafana", i.URL)
	if resolved(i) {
		return []slack.BlockElement{
			blocks.Button(buttonNote, i.ID, "Note"),
			blocks.Confirm(blocks.Button(buttonReopen, shows(i.ID, state(i)), "Reopen"), "Reopen", "Make #"+i.ID+" active again?", "Reopen", "Leave resolved"),
			page,
		}
	}
	return []slack.BlockElement{
		blocks.Button(buttonUpdate, i.ID, "Update"),
		blocks.Button(buttonNote, i.ID, "Note"),
		blocks.Button(buttonSeverity, shows(i.ID, severityOf(i)), "Severity"),
		blocks.Button(buttonResolve, shows(i.ID, state(i)), "Resolve"),
		page,
	}
}
