package handlers

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// listView is one page of a list.
type listView struct {
	query      incident.Query
	incidents  []incident.Incident
	drills     []incident.Incident // apart, on the first page of real ones
	moreDrills bool                // than these
	turns      []button
	first      bool
	more       bool // there may be another page
	number     int
}

// message draws the page. command is how its reader talks to the bot.
func (v listView) message(command string, now time.Time) blocks.Message {
	if len(v.incidents) == 0 && v.first && !v.more {
		return v.empty(command, now)
	}
	head := v.head()
	texts, shown := []blocks.Mrkdwn{head}, []slack.Block{blocks.Section(head)}
	add := func(of []incident.Incident) {
		for _, i := range of {
			texts = append(texts, rowText(i, now))
			shown = append(shown, row(i, now))
		}
	}
	add(v.incidents)
	if len(v.drills) > 0 {
		text, title := v.drillsTitle(command)
		texts, shown = append(texts, text), append(shown, blocks.Divider(), blocks.Section(title))
		add(v.drills)
	}
	shown = append(shown, blocks.Actions("", elements(v.turns)...))
	if len(v.turns) > 0 {
		texts = append(texts, turnsText(v.turns))
	}
	return blocks.NewMessage(blocks.Join("\n", texts...), shown...)
}

// drillsTitle is above the drills, in the text and in the blocks.
func (v listView) drillsTitle(command string) (text, title blocks.Mrkdwn) {
	if !v.moreDrills {
		return "Drills:", "*Drills*"
	}
	which := v.query.Status + " "
	switch v.query.Status {
	case "":
		which = "all "
	case statusActive:
		which = ""
	}
	rest := blocks.Textf("the newest %d; `%s list %sdrills` shows more", len(v.drills), command, which)
	return blocks.Textf("Drills, %s:", rest), blocks.Textf("*Drills*, %s", rest)
}

func (v listView) head() blocks.Mrkdwn {
	all := blocks.Mrkdwn("")
	if v.query.Status == "" {
		all = "all "
	}
	head := blocks.Textf("*%s%s*", all, v.what())
	if !v.first {
		head = blocks.Textf("%s, page %d", head, v.number)
	}
	switch {
	case len(v.incidents) > 0:
	case v.more:
		head = blocks.Textf("%s: none among the newest. There may be older ones.", head)
	default:
		head = blocks.Textf("%s: there are no more.", head)
	}
	return head
}

// what names the incidents that were asked for.
func (v listView) what() blocks.Mrkdwn {
	kind := "incidents"
	if *v.query.Drills {
		kind = "drills"
	}
	what := blocks.Join(" ", blocks.Escape(v.query.Status), blocks.Escape(kind))
	if v.query.Severity != "" {
		what = blocks.Textf("%s of severity %s", what, v.query.Severity)
	}
	if v.query.Label.Key != "" {
		what = blocks.Textf("%s with label %s", what, labelText(v.query.Label))
	}
	if v.query.Title != "" {
		what = blocks.Textf("%s with “%s” in the title", what, blocks.Cut(v.query.Title, 100))
	}
	return what
}

// empty says kindly that there is nothing.
func (v listView) empty(command string, now time.Time) blocks.Message {
	text := blocks.Textf("There are no %s.", v.what())
	if q := v.query; q.Status == statusActive && !*q.Drills && q.Severity == "" && q.Title == "" && q.Label.Key == "" {
		text = "All quiet: there are no active incidents."
	}
	shown := []slack.Block{blocks.Section(text)}
	texts := []blocks.Mrkdwn{text}
	for _, i := range v.drills {
		texts, shown = append(texts, blocks.Join(" ", "Drill:", rowText(i, now))), append(shown, row(i, now))
	}
	how := blocks.Textf("Declare one with `%s declare TITLE`.", command)
	return blocks.NewMessage(blocks.Join("\n", append(texts, how)...),
		append(shown, blocks.Context(how), blocks.Actions("", blocks.Button(buttonDeclare, "", "Declare an incident")))...)
}

// row is one incident of a list.
func row(i incident.Incident, now time.Time) slack.Block {
	return blocks.SectionWith(rowText(i, now), blocks.Button(buttonShow, i.ID, "Show #"+i.ID))
}

func rowText(i incident.Incident, now time.Time) blocks.Mrkdwn {
	status, age := blocks.Escape(state(i)), blocks.Mrkdwn("")
	switch {
	case !i.Closed.IsZero():
		age = blocks.Textf("resolved %s", blocks.Date(i.Closed))
		if strings.EqualFold(i.Status, statusResolved) {
			status = "" // said already
		}
	case !i.Declared.IsZero():
		age = blocks.Textf("for %s", blocks.Since(i.Declared, now))
	}
	facts := blocks.Join(", ", status, blocks.Textf("severity %s", severityOf(i)), age)
	return blocks.Textf("%s %s\n%s", blocks.Link(i.URL, "#"+i.ID), blocks.Cut(either(i.Title, "(no title)"), 200), facts)
}

func turnsText(of []button) blocks.Mrkdwn {
	labels := make([]blocks.Mrkdwn, len(of))
	for i, b := range of {
		labels[i] = blocks.Textf("[%s]", b.label)
	}
	return blocks.Join(" ", labels...)
}
