package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// night is when the tests happen: half past two, in Berlin too.
func night() time.Time { return time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC) }

// fakeStack keeps incidents by id and notes what it is told, one line a call.
type fakeStack struct {
	incidents  map[string]incident.Incident
	severities []incident.Severity
	statuses   []incident.Status
	page       incident.Page
	query      incident.Query // of the last list
	cursors    []string       // of all lists
	declared   incident.Declaration
	partial    error
	fails      map[string]error // by method
	said       []string
}

func newStack() *fakeStack {
	return &fakeStack{
		incidents: map[string]incident.Incident{
			"42": {ID: "42", Title: "checkout returns 500s", Severity: "Minor", Status: "active", Declared: night().Add(-time.Hour), URL: "https://acme.grafana.net/a/grafana-irm-app/incidents/42"},
			"43": {ID: "43", Title: "search is slow", Severity: "Major", Status: "resolved", Declared: night().Add(-3 * time.Hour), Closed: night().Add(-time.Hour)},
			"66": {ID: "66", Title: "breach of the vault", Severity: "Major", Status: "active", Private: true},
		},
		severities: []incident.Severity{{Label: "Pending", Level: -1}, {Label: "Minor", Level: 3}, {Label: "Critical", Level: 1}, {Label: "Major", Level: 2}},
		statuses:   []incident.Status{{Name: "active"}, {Name: "Needs review", Slug: "needs-review", Category: "active"}, {Name: "resolved", Category: "resolved"}},
		fails:      map[string]error{},
	}
}

func (s *fakeStack) say(format string, args ...any) {
	s.said = append(s.said, fmt.Sprintf(format, args...))
}

func (s *fakeStack) find(op, id string) (incident.Incident, error) {
	i, ok := s.incidents[id]
	if !ok {
		return i, &incident.Error{Op: op, Code: incident.NotFound, Status: 404}
	}
	return i, s.fails[op]
}

func (s *fakeStack) Incident(_ context.Context, id string) (incident.Incident, error) {
	return s.find("get", id)
}

func (s *fakeStack) Incidents(_ context.Context, q incident.Query, cursor string) (incident.Page, error) {
	if q.Drills != nil && *q.Drills && s.query.Limit != 0 && q.Limit == drillsBeside {
		return incident.Page{}, s.fails["drills"]
	}
	s.query, s.cursors = q, append(s.cursors, cursor)
	return s.page, s.fails["list"]
}

func (s *fakeStack) Declare(_ context.Context, d incident.Declaration) (incident.Incident, error) {
	s.declared = d
	if err := errors.Join(s.unknown(d.Severity), s.fails["declare"]); err != nil {
		return incident.Incident{}, err
	}
	s.say("declare %s", d.Title)
	made := incident.Incident{ID: "70", Title: d.Title, Severity: either(d.Severity, "Pending"), Labels: d.Labels, Status: "active", Drill: d.Drill, Declared: night()}
	if s.partial != nil { // what Grafana ignores at create, and could not be put right
		made.Severity = "Pending"
		made.Labels = slices.DeleteFunc(slices.Clone(d.Labels), func(l incident.Label) bool { return l.Key != "tags" })
	}
	return made, s.partial
}

func (s *fakeStack) Complete(_ context.Context, i incident.Incident, _ incident.Declaration) (incident.Incident, error) {
	return i, s.partial
}

func (s *fakeStack) Attached(context.Context, string) (incident.Incident, bool, error) {
	return incident.Incident{}, false, nil
}

func (s *fakeStack) Noted(context.Context, string, incident.Note) (bool, error) { return false, nil }

func (s *fakeStack) Updated(context.Context, string, string, time.Time) (bool, error) {
	return false, nil
}

func (s *fakeStack) AddNote(_ context.Context, id string, n incident.Note) error {
	if err := s.fails["note"]; err != nil {
		return err
	}
	at := ""
	if !n.At.IsZero() {
		at = " at " + n.At.UTC().Format("2006-01-02 15:04")
	}
	s.say("note %s%s: %s", id, at, n.Text)
	return nil
}

func (s *fakeStack) AddUpdate(_ context.Context, id, mrkdwn string) error {
	if err := s.fails["update"]; err != nil {
		return err
	}
	s.say("update %s: %s", id, mrkdwn)
	return nil
}

func (s *fakeStack) SetSeverity(_ context.Context, id, label string) (incident.Incident, error) {
	i, err := s.find("severity", id)
	if err = errors.Join(err, s.unknown(label)); err == nil {
		s.say("severity %s: %s", id, label)
		i.Severity = label
		s.incidents[id] = i
	}
	return i, err
}

func (s *fakeStack) SetStatus(_ context.Context, id, status string) (incident.Incident, error) {
	i, err := s.find("status", id)
	if err == nil {
		s.say("status %s: %s", id, status)
		i.Status = status
		s.incidents[id] = i
	}
	return i, err
}

// unknown refuses a severity that the stack does not have, unless its list cannot be had.
func (s *fakeStack) unknown(label string) error {
	known := func(one incident.Severity) bool { return strings.EqualFold(one.Label, label) }
	if label == "" || s.fails["severities"] != nil || slices.ContainsFunc(s.severities, known) {
		return nil
	}
	return &incident.Error{Code: incident.Invalid, Reason: incident.ReasonSeverityUnknown}
}

func (s *fakeStack) Severities(context.Context) ([]incident.Severity, error) {
	if err := s.fails["severities"]; err != nil {
		return nil, err
	}
	return s.severities, nil
}

func (s *fakeStack) KnownSeverities() []incident.Severity {
	if s.fails["severities"] != nil || s.fails["known"] != nil {
		return nil
	}
	return s.severities
}

func (s *fakeStack) Statuses(context.Context) ([]incident.Status, error) {
	return s.statuses, s.fails["statuses"]
}

func (s *fakeStack) IncidentID(address string) (string, bool) {
	return strings.CutPrefix(strings.Trim(address, "<>"), "https://acme.grafana.net/a/grafana-irm-app/incidents/")
}

func (s *fakeStack) IncidentURL(id string) string {
	return "https://acme.grafana.net/a/grafana-irm-app/incidents/" + id
}

// fakeLabels are labels by the message's ts.
type fakeLabels map[string]string

func (l fakeLabels) At(_ context.Context, _, _, ts string) (string, bool) {
	name, ok := l[ts]
	return name, ok
}

// fakePeople are names by user id.
type fakePeople map[string]string

func (p fakePeople) Get(_ context.Context, _, user string) (bot.Person, error) {
	if name, ok := p[user]; ok {
		return bot.Person{ID: user, Name: name, Location: time.FixedZone("CET", 60*60)}, nil
	}
	return bot.Person{}, errors.New("user_not_found")
}

// newDesk is a desk in front of a stack of the workspace T1.
func newDesk(s *fakeStack) *desk {
	d := &desk{
		Config: Config{
			Stack:  func(workspace string) (Stack, bool) { return s, workspace == "T1" },
			Labels: fakeLabels{"42.0": "incident/42"}, People: fakePeople{"U1": "ana", "U12": "ben"},
			Command: "/incident", Version: "1",
		},
		offers: newOffers(), threads: newThreads(),
	}
	d.words = d.list()
	return d
}

// typing is a command of ana's in a channel.
func typing(word, args string) *bot.Request {
	return &bot.Request{
		Delivery: bot.Delivery{
			Kind: bot.Command, Key: "k1", Actor: bot.Actor{UserID: "U1", Name: "ana"}, CommandName: "/incident",
			Place: bot.Place{ChannelID: "C1"}, Text: strings.TrimSpace(word + " " + args),
		},
		Workspace: "T1", Word: word, Args: args, Ref: "7f3k2", Now: night(),
	}
}

// inThread is a mention of ana's in a thread.
func inThread(ts, word, args string) *bot.Request {
	r := typing(word, args)
	r.Kind, r.Place = bot.Mention, bot.Place{ChannelID: "C1", ThreadTS: ts, MessageTS: "99.0"}
	return r
}

// sending is a form of ana's, opened on a card.
func sending(form, id string, values map[string]string) *bot.Request {
	r := typing("", "")
	r.Kind, r.View = bot.Submission, bot.View{CallbackID: form, PrivateMetadata: id, Values: values}
	r.Place = bot.Place{ChannelID: "C1", MessageTS: "42.0"}
	return r
}

// clicking is a click of ana's.
func clicking(id, value string) *bot.Request {
	r := typing("", "")
	r.Kind, r.Action = bot.Click, bot.Action{ID: id, Value: value}
	r.Place = bot.Place{ChannelID: "C1", MessageTS: "50.0"}
	return r
}

// run runs a handler as the bot does, with errors explained.
func (d *desk) run(t *testing.T, r *bot.Request, h bot.Handler) bot.Reply {
	t.Helper()
	reply, err := h(t.Context(), r)
	if err != nil {
		reply = d.explain(r, err)
	}
	return reply
}

// text is what the person who acted reads.
func text(reply bot.Reply) string {
	if reply.Answer == nil {
		return ""
	}
	return blocks.Plain(reply.Answer.Text)
}

// wants fails when the answer lacks one of the parts.
func wants(t *testing.T, reply bot.Reply, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text(reply), part) {
			t.Errorf("the answer lacks %q:\n%s", part, text(reply))
		}
	}
}

// heard fails when the stack was told anything else.
func (s *fakeStack) heard(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(s.said, want) {
		t.Errorf("the stack heard\n%s\nnot\n%s", strings.Join(s.said, "\n"), strings.Join(want, "\n"))
	}
	s.said = nil
}

// buttonOf finds a button of an answer by its label.
func buttonOf(t *testing.T, reply bot.Reply, label string) *slack.ButtonBlockElement {
	t.Helper()
	for _, block := range reply.Answer.Blocks {
		row, ok := block.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if b, ok := e.(*slack.ButtonBlockElement); ok && b.Text.Text == label {
				return b
			}
		}
	}
	t.Fatalf("there is no button %q in:\n%s", label, text(reply))
	return nil
}

func buttonValue(t *testing.T, reply bot.Reply, label string) string {
	t.Helper()
	return buttonOf(t, reply, label).Value
}

func buttonID(t *testing.T, reply bot.Reply, label string) string {
	t.Helper()
	return buttonOf(t, reply, label).ActionID
}
