package handlers

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// The inputs of forms, by block id.
const (
	fieldTitle       = "title"
	fieldSeverity    = "severity"
	fieldLabels      = "labels"
	fieldDrill       = "drill"
	fieldDescription = "description"
	fieldText        = "text"

	drillYes = "drill"
)

// declareForm is the form of an incident: for the word without a title, with what was typed already, and for a button.
func (d *desk) declareForm(r *bot.Request) *bot.Form {
	var severities []incident.Severity
	stack, ok := d.stackOf(r)
	if ok {
		severities = stack.KnownSeverities()
	}
	args, clicked := r.Args, r.Action.ID == buttonDeclare
	if clicked {
		words, _ := d.offers.peek(r)
		_, args = grammar.First(words)
	}
	w := grammar.Parse(args, declareRules(severityLabels(severities)))
	if !clicked && (w.Text != "" || w.BadLabel != "") {
		return nil
	}
	if !ok || len(severities) > 0 {
		return &bot.Form{View: declareView(w, severityInput(severities, w.Severity, true))}
	}
	return &bot.Form{View: declareView(w, asking()), Fill: func(ctx context.Context) (slack.ModalViewRequest, error) {
		severities, err := stack.Severities(ctx)
		if err != nil { // the title is what matters, and may have been typed by now
			logNotDone(ctx, err, "severities of a form")
			return declareView(w, unasked()), nil
		}
		return declareView(w, severityInput(severities, w.Severity, true)), nil
	}}
}

// prefilled is the value of a button that opens the form with the options that were typed.
func (d *desk) prefilled(r *bot.Request) string {
	if r.Word != "declare" || strings.TrimSpace(r.Args) == "" {
		return ""
	}
	return d.offers.put(r, offer{words: []string{"declare " + r.Args}}) + ":0"
}

// asking stands in the place of the severities until they are known.
func asking() slack.Block { return blocks.Context("Asking Grafana which severities there are…") }

// unasked stands in the place of the severities when they cannot be had.
func unasked() slack.Block {
	return blocks.Context("Grafana did not say which severities there are. It will give the incident its default.")
}

// declareView is the declare form.
func declareView(w grammar.Words, severity slack.Block) slack.ModalViewRequest {
	labels := make([]string, len(w.Labels))
	for i, l := range w.Labels {
		labels[i] = l.Key + "=" + l.Value
	}
	var checked []string
	if w.Drill {
		checked = []string{drillYes}
	}
	fields := []slack.Block{
		blocks.TextInput(fieldTitle, "Title", "", "checkout returns 500s", w.Text, blocks.InputOpts{Max: maxTitle}),
		severity,
		blocks.TextInput(fieldLabels, "Labels", "Separated by commas.", "team=payments, urgent", strings.Join(labels, ", "), blocks.InputOpts{Optional: true}),
		blocks.TextInput(fieldDescription, "What is known", "Becomes the first status update.", "", "", blocks.InputOpts{Optional: true, Multiline: true}),
		blocks.CheckInput(fieldDrill, "Drill", []blocks.Option{{Text: "This is a drill", Value: drillYes}}, checked),
	}
	return blocks.Modal(formDeclare, "Declare an incident", "Declare", "", fields...)
}

// severityInput lets one of the stack's severities be chosen.
func severityInput(severities []incident.Severity, chosen string, optional bool) slack.Block {
	names := severityLabels(severities)
	options := make([]blocks.Option, len(names))
	for i, name := range names {
		options[i] = blocks.Option{Text: name, Value: name}
	}
	initial, _ := grammar.Choose(chosen, names)
	return blocks.SelectInput(fieldSeverity, "Severity", options, initial, optional)
}

// checkDeclare names what is wrong in a declare form.
func checkDeclare(r *bot.Request) map[string]string {
	wrong := map[string]string{}
	switch title := strings.TrimSpace(r.View.Values[fieldTitle]); {
	case title == "":
		wrong[fieldTitle] = "Say in a few words what is wrong."
	case utf8.RuneCountInString(title) > maxTitle:
		wrong[fieldTitle] = "At most 2,000 characters, please."
	}
	if _, bad := formLabels(r); bad != "" {
		wrong[fieldLabels] = "I cannot read “" + blocks.Cut(bad, 50) + "”. Write team=payments, or one word."
	}
	return wrong
}

// formLabels reads "team=payments, urgent".
func formLabels(r *bot.Request) (labels []grammar.Label, bad string) {
	for part := range strings.SplitSeq(r.View.Values[fieldLabels], ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		l, ok := grammar.ParseLabel(part)
		if !ok {
			return nil, strings.TrimSpace(part)
		}
		labels = append(labels, l)
	}
	return labels, ""
}

// declareSent is the declare form.
func (d *desk) declareSent(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	labels, _ := formLabels(r)
	of := declaration{
		Declaration: incident.Declaration{
			Title: strings.TrimSpace(r.View.Values[fieldTitle]), Severity: r.View.Values[fieldSeverity],
			Labels: toLabels(labels), Drill: r.View.Values[fieldDrill] == drillYes,
		},
		description: strings.TrimSpace(r.View.Values[fieldDescription]),
		words:       declareWords(r, labels, severityLabels(stack.KnownSeverities())),
	}
	return d.declared(ctx, r, stack, of)
}

// declareWords are words that declare what a form says, but for its description.
func declareWords(r *bot.Request, labels []grammar.Label, severities []string) string {
	words := titleWords(strings.TrimSpace(r.View.Values[fieldTitle]), severities)
	if severity := r.View.Values[fieldSeverity]; severity != "" {
		words += severityOption(severity)
	}
	for _, l := range labels {
		words += " label:" + quoted(l.Key+"="+l.Value)
	}
	if r.View.Values[fieldDrill] == drillYes {
		words += " drill"
	}
	return words
}

// titleWords are words that a title is read from again: itself, or in quotes where part of it would be taken for an
// option, or for quotes that only say that it is text.
func titleWords(title string, severities []string) string {
	plain := string(blocks.Escape(title))
	for _, words := range []string{plain, `"` + plain + `"`, "'" + plain + "'"} {
		w := grammar.Parse(words, declareRules(severities))
		if w.Text == title && w.Severity == "" && w.BadLabel == "" && len(w.Labels) == 0 && !w.Drill {
			return words
		}
	}
	return `"` + plain + `"`
}

// textView is a form of one text about one incident.
func textView(id, form, title, send, ask, hint string, optional bool) *bot.Form {
	return &bot.Form{View: blocks.Modal(form, title, send, id,
		blocks.TextInput(fieldText, ask, hint, "", "", blocks.InputOpts{Multiline: true, Optional: optional}))}
}

func updateForm(r *bot.Request) *bot.Form {
	return textView(r.Action.Value, formUpdate, "Update #"+firstPart(r.Action.Value), "Write", "How does it stand?", "", false)
}

func noteForm(r *bot.Request) *bot.Form {
	return textView(r.Action.Value, formNote, "Note on #"+firstPart(r.Action.Value), "Write", "What happened?", "Begin with “at 14:32” if it was earlier.", false)
}

func resolveForm(r *bot.Request) *bot.Form {
	return textView(r.Action.Value, formResolve, "Resolve #"+firstPart(r.Action.Value), "Resolve", "Closing update", "", true)
}

// severityForm asks for one of the stack's severities.
func (d *desk) severityForm(r *bot.Request) *bot.Form {
	view := func(severities []incident.Severity) slack.ModalViewRequest {
		return blocks.Modal(formSeverity, "Severity of #"+firstPart(r.Action.Value), "Change", r.Action.Value, severityInput(severities, "", false))
	}
	stack, ok := d.stackOf(r)
	if !ok {
		return nil
	}
	known := stack.KnownSeverities()
	if len(known) > 0 {
		return &bot.Form{View: view(known)}
	}
	wait := blocks.Modal(formSeverity, "Severity of #"+firstPart(r.Action.Value), "", r.Action.Value, asking())
	return &bot.Form{View: wait, Fill: func(ctx context.Context) (slack.ModalViewRequest, error) {
		severities, err := stack.Severities(ctx)
		return view(severities), err
	}}
}

// checkText wants a text that Grafana takes.
func checkText(r *bot.Request) map[string]string {
	if strings.TrimSpace(r.View.Values[fieldText]) == "" {
		return map[string]string{fieldText: "Write a few words."}
	}
	return checkOptionalText(r)
}

func checkOptionalText(r *bot.Request) map[string]string {
	if len(r.View.Values[fieldText]) > maxText {
		return map[string]string{fieldText: "That is longer than Grafana takes. Please shorten it."}
	}
	return nil
}

// checkNote is checkText, and refuses a time that cannot be used wherever the person is: their zone is not known yet.
func checkNote(r *bot.Request) map[string]string {
	if wrong := checkText(r); wrong != nil {
		return wrong
	}
	_, _, _, err := grammar.Time(r.View.Values[fieldText], r.Now, earliest())
	switch {
	case errors.Is(err, grammar.ErrUnreadable):
		return map[string]string{fieldText: "I cannot read that time. Write “at 14:32”, or “at 2026-11-24 14:32”."}
	case errors.Is(err, grammar.ErrFuture):
		return map[string]string{fieldText: "That time is still to come. Use one in the past."}
	}
	return nil
}

// earliest is the zone in which every time of day comes first.
func earliest() *time.Location { return time.FixedZone("", 14*60*60) }
