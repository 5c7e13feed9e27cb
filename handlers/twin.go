package handlers

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// twinTime is for how long a second declaration of the same title is taken for the same outage.
const twinTime = 5 * time.Minute

// declaredAs is what is remembered of a declaration, under its title.
type declaredAs struct {
	ID   string
	User string
	Act  string // Delivery.Key
	At   time.Time
}

// titleKey is where it is remembered. Titles that differ in case and spaces alone are the same. A drill is no outage: it
// stands in the way of none, nor an outage in its way.
func titleKey(title string, drill bool) string {
	if drill {
		return "drill/" + sameTitle(title)
	}
	return "title/" + sameTitle(title)
}

func sameTitle(title string) string { return strings.ToLower(strings.Join(strings.Fields(title), " ")) }

// remembers keeps that an incident was declared. Declarations of one title run one after the other, so the next one
// finds it. That there is a private one is not told to whoever types its title.
func remembers(r *bot.Request, of declaration, i incident.Incident) {
	if i.Private {
		return
	}
	kept, err := json.Marshal(declaredAs{ID: i.ID, User: r.Actor.UserID, Act: r.Key, At: r.Now})
	if err == nil {
		r.Keep(titleKey(of.Title, of.Drill), kept, r.Now.Add(twinTime))
	}
}

// twin finds the incident of the same title that was declared minutes ago by another act.
func (d *desk) twin(ctx context.Context, r *bot.Request, of declaration) (declaredAs, bool) {
	var was declaredAs
	kept := r.Kept(ctx, titleKey(of.Title, of.Drill))
	if kept == nil || json.Unmarshal(kept, &was) != nil || was.ID == "" {
		return was, false
	}
	return was, was.Act != r.Key && r.Now.Sub(was.At) < twinTime
}

// offerTwin offers to join it instead of declaring another. A form's description is given back by refused.
func (d *desk) offerTwin(r *bot.Request, stack Stack, was declaredAs, of declaration) bot.Reply {
	who := blocks.Mrkdwn("you")
	if was.User != r.Actor.UserID {
		who = blocks.User(was.User)
	}
	text := blocks.Textf("Already declared by %s as %s, %s: %s. Nothing new was declared.", who, numbered(stack, was.ID), ago(r.Now.Sub(was.At)), blocks.Cut(of.Title, 150))
	return refused(r, text, d.choices(r, []choice{
		{"Join #" + was.ID, "show #" + was.ID},
		{"Declare anyway", "declare " + another + of.words},
	})...)
}

// another begins what a button declares although there is one of the same title.
const another = "another:yes "

// ago is a time that passed, in words.
func ago(d time.Duration) string {
	switch minutes := int(d / time.Minute); minutes {
	case 0:
		return "less than a minute ago"
	case 1:
		return "a minute ago"
	default:
		return waiting(d) + " ago"
	}
}
