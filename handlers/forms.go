package handlers

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// slackBlock is slack-go's block.
type slackBlock = slack.Block

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
	var w grammar.Words
	if r.Action.ID != buttonDeclare {
		if w = grammar.Parse(r.Args, declareRules(severityLabels(severities))); w.Text != "" || w.BadLabel != "" {
			return nil
		}
	}
	form := &bot.Form{View: declareView(w, severities)}
	if ok && len(severities) == 0 {
		form.Fill = func(ctx context.Context) (slack.ModalViewRequest, error) {
			severities, err := stack.Severities(ctx)
			return declareView(w, severities), err
		}
	}
	return form
}

// declareView is the declare form.
func declareView(w grammar.Words, severities []incident.Severity) slack.ModalViewRequest {
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
		severityInput(severities, w.Severity, true),
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
	}
	of.again = func(severity string) string {
		return `declare ` + string(blocks.Escape(of.Title)) + ` sev:"` + string(blocks.Escape(severity)) + `"`
	}
	return d.declared(ctx, r, stack, of)
}

// textView is a form of one text about one incident.
func textView(id, form, title, send, ask string, optional bool) *bot.Form {
	return &bot.Form{View: blocks.Modal(form, title, send, id,
		blocks.TextInput(fieldText, ask, "", "", "", blocks.InputOpts{Multiline: true, Optional: optional}))}
}

func updateForm(r *bot.Request) *bot.Form {
	return textView(r.Action.Value, formUpdate, "Update #"+r.Action.Value, "Write", "How does it stand?", false)
}

func noteForm(r *bot.Request) *bot.Form {
	return textView(r.Action.Value, formNote, "Note on #"+r.Action.Value, "Write", "What happened? Begin with “at 14:32” to back-date it.", false)
}

func resolveForm(r *bot.Request) *bot.Form {
	return textView(r.Action.Value, formResolve, "Resolve #"+r.Action.Value, "Resolve", "Closing update", true)
}

// severityForm asks for one of the stack's severities.
func (d *desk) severityForm(r *bot.Request) *bot.Form {
	view := func(severities []incident.Severity) slack.ModalViewRequest {
		return blocks.Modal(formSeverity, "Severity of #"+r.Action.Value, "Change", r.Action.Value, severityInput(severities, "", false))
	}
	stack, ok := d.stackOf(r)
	if !ok {
		return nil
	}
	known := stack.KnownSeverities()
	if len(known) > 0 {
		return &bot.Form{View: view(known)}
	}
	wait := blocks.Modal(formSeverity, "Severity of #"+r.Action.Value, "", r.Action.Value, blocks.Section("Asking Grafana which severities there are…"))
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
	if len(r.View.Values[fieldText]) > maxNote {
		return map[string]string{fieldText: "That is longer than Grafana takes. Please shorten it."}
	}
	return nil
}

// checkNote is checkText; whether a time in it can be used shows when the person's zone is known.
func checkNote(r *bot.Request) map[string]string { return checkText(r) }
