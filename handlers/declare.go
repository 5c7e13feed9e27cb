package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// maxTitle is the longest title in characters. Grafana documents none; its own chat integration cuts at 2,000.
const maxTitle = 2000

// declaration is what is to be declared, from words or from the form.
type declaration struct {
	incident.Declaration
	description string
	again       func(severity string) string // the words that declare the same with another severity; nil from a form
	words       string                       // what follows the word to declare the same
	another     bool                         // although there may be one of the same title
}

// declare declares an incident from words. Without a title it leads to the form.
func (d *desk) declare(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	args, more := strings.CutPrefix(r.Args, another)
	w := grammar.Parse(args, declareRules(severityNames(ctx, stack)))
	switch {
	case w.BadLabel != "":
		return say("I cannot read the label %q, so nothing was declared. Write `label:team=payments` or `label:urgent`.", blocks.Cut(w.BadLabel, 75)), nil
	case w.Text == "":
		text := blocks.Textf("What is the title? Nothing was declared yet. Open the form, or write `%s declare checkout returns 500s`.", d.command(r))
		return answer(question(text, []button{{id: buttonDeclare, value: d.prefilled(r), label: "Open the form"}})), nil
	}
	words := "declare " + r.Args
	return d.declared(ctx, r, stack, declaration{
		Declaration: incident.Declaration{Title: d.withNames(ctx, r, w), Severity: w.Severity, Labels: toLabels(w.Labels), Drill: w.Drill},
		again:       func(severity string) string { return words + severityOption(severity) },
		words:       args, another: more,
	})
}

func declareRules(severities []string) grammar.Rules {
	return grammar.Rules{Severities: severities, Severity: true, Labels: true, Drill: true}
}

func toLabels(said []grammar.Label) []incident.Label {
	labels := make([]incident.Label, len(said))
	for i, l := range said {
		labels[i] = incident.Label(l)
	}
	return labels
}

// declared declares and says what became of it.
func (d *desk) declared(ctx context.Context, r *bot.Request, stack Stack, wish declaration) (bot.Reply, error) {
	if n := utf8.RuneCountInString(wish.Title); n > maxTitle {
		return refused(r, blocks.Textf("The title has %d characters, and %d are the most, so nothing was declared. Please declare it in a few words, and put the story into an update.", n, maxTitle)), nil
	}
	names := severityNames(ctx, stack)
	if name, ok := grammar.Choose(wish.Severity, names); ok {
		wish.Severity = name
	}
	wish.AttachURL, wish.AttachCaption = origin(r), "Declared by "+d.who(ctx, r)+" in Slack"
	if !wish.another && !r.Tried(ctx, effectDeclare) { // what was tried may be there, whoever declared a twin since
		if was, twin := d.twin(ctx, r, wish); twin {
			return d.offerTwin(r, stack, was, wish), nil
		}
	}
	i, err := d.declareOnce(ctx, r, stack, wish.Declaration)
	switch {
	case unknownSeverity(err): // the list may be short of some: only the stack can tell, and nothing was called
		return d.noSeverity(r, wish.Severity, names, wish.again), nil
	case err != nil:
		return bot.Reply{}, err
	}
	remembers(r, wish, i)
	i, missing, err := d.completed(ctx, r, stack, i, wish)
	if err != nil {
		return bot.Reply{}, of(i.ID, err)
	}
	undescribed, err := d.described(ctx, r, stack, i.ID, wish.description)
	if err != nil {
		return bot.Reply{}, of(i.ID, err)
	}
	return d.announced(ctx, r, stack, i, blocks.Join("\n", missing, undescribed)), nil
}

// completed gives a new incident what Grafana left out. missing says what it still lacks; an error means that it is worth
// waiting for.
func (d *desk) completed(ctx context.Context, r *bot.Request, stack Stack, i incident.Incident, of declaration) (_ incident.Incident, missing blocks.Mrkdwn, err error) {
	if d.undeclared(r, i, of) == "" {
		return i, "", nil
	}
	i, err = stack.Complete(ctx, i, of.Declaration)
	if patient(r, err) {
		return i, "", err
	}
	return i, d.undeclared(r, i, of), nil
}

// undeclared says what of a declaration is not in the incident.
func (d *desk) undeclared(r *bot.Request, i incident.Incident, of declaration) (missing blocks.Mrkdwn) {
	if of.Severity != "" && !strings.EqualFold(i.Severity, of.Severity) {
		missing = blocks.Textf("✗ I could not set its severity to %s. Try `%s severity #%s %s`. %s", of.Severity, d.command(r), i.ID, of.Severity, ref(r))
	}
	for _, l := range of.Labels {
		if !slices.ContainsFunc(i.Labels, func(one incident.Label) bool {
			return strings.EqualFold(one.Key, l.Key) && strings.EqualFold(one.Value, l.Value)
		}) {
			missing = blocks.Join("\n", missing, blocks.Textf("✗ I could not give it the label %s. Add it in Grafana. %s", labelText(l), ref(r)))
		}
	}
	return missing
}

// described writes the form's description as the first update.
func (d *desk) described(ctx context.Context, r *bot.Request, stack Stack, id, text string) (missing blocks.Mrkdwn, err error) {
	if text == "" {
		return "", nil
	}
	err = d.addUpdate(ctx, r, stack, effectDescription, id, d.signedUpdate(ctx, r, text))
	switch {
	case err == nil:
		return "", nil
	case patient(r, err):
		return "", err
	}
	logNotDone(ctx, err, "description of a new incident")
	return d.unwritten(r, id, "Its description", text, err), nil
}

// unwritten says of a status update that goes with a change that it is not there, or may not be, and gives it back.
func (d *desk) unwritten(r *bot.Request, id string, what blocks.Mrkdwn, text string, err error) blocks.Mrkdwn {
	how := blocks.Textf("✗ %s was not written: try `%s update #%s …` with it. %s", what, d.command(r), id, ref(r))
	if notSure(err) {
		how = blocks.Textf("✗ %s may not have been written: look at the timeline, and if it is not there try `%s update #%s …` with it. %s", what, d.command(r), id, ref(r))
	}
	return blocks.Join("\n", how, blocks.Quote(blocks.Cut(text, 2000)))
}

// announced answers whoever declared, and shows the card to everybody in the place. Where everybody in the place reads
// the answer, the card is the answer: to a mention, and in a direct message.
func (d *desk) announced(ctx context.Context, r *bot.Request, stack Stack, i incident.Incident, missing blocks.Mrkdwn) bot.Reply {
	done := blocks.Textf("✓ Declared %s", named(stack, i))
	if i.Private {
		return answer(blocks.NewMessage(blocks.Join("\n", done, missing)))
	}
	d.threads.remember(ctx, r, i.ID)
	switch {
	case r.Kind == bot.Mention || r.Place.ChannelID == "":
		reply := answer(under(blocks.Join("\n", "✓ Declared.", missing), card(i)))
		reply.Answer.Label = label(i.ID)
		return reply
	case r.Place.Direct():
		shown := under(blocks.Join("\n", "✓ Declared.", missing), card(i))
		return bot.Reply{Posts: []bot.Post{{Message: shown, Thread: r.Place.ThreadTS, Label: label(i.ID)}}}
	}
	facts := blocks.Join(", ", blocks.Textf("severity %s", severityOf(i)), drillText(i), blocks.Link(stack.IncidentURL(i.ID), "open in Grafana"))
	reply := answer(blocks.NewMessage(blocks.Join("\n", done, facts, missing)))
	shown := under(blocks.Textf("%s declared an incident:", d.who(ctx, r)), card(i))
	reply.Posts = []bot.Post{{Message: shown, Thread: r.Place.ThreadTS, Label: label(i.ID)}}
	return reply
}

func drillText(i incident.Incident) blocks.Mrkdwn {
	if i.Drill {
		return "a drill"
	}
	return ""
}

// origin is a link to where the incident was declared. It carries a short hash of the act, by which the incident can be
// found again when the answer to its declaration was lost.
func origin(r *bot.Request) string {
	sum := sha256.Sum256([]byte(r.Workspace + "\x00" + r.Key))
	q := url.Values{"key": {hex.EncodeToString(sum[:8])}}
	if r.Place.ChannelID != "" {
		q.Set("channel", r.Place.ChannelID)
	}
	if strings.HasPrefix(r.Workspace, "T") {
		q.Set("team", r.Workspace)
	}
	return "https://slack.com/app_redirect?" + q.Encode()
}
