package handlers

import (
	"context"
	"fmt"
	"strings"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// answer is a reply that only answers.
func answer(m blocks.Message) bot.Reply { return bot.Reply{Answer: &bot.Answer{Message: m}} }

// say is an answer of one sentence or two.
func say(format string, args ...any) bot.Reply {
	return answer(blocks.NewMessage(blocks.Textf(format, args...)))
}

// label names an incident's card, in messages' metadata too.
func label(id string) string { return incidentLane + id }

// stackOf gives the stack of the request's own workspace.
func (d *desk) stackOf(r *bot.Request) (Stack, bool) {
	if d.Stack == nil {
		return nil, false
	}
	return d.Stack(r.Workspace)
}

// errNoStack says that the workspace has no stack.
type errNoStack struct{ workspace string }

func (e errNoStack) Error() string { return "no stack for workspace " + e.workspace }

// stack is stackOf for handlers, which explain its absence.
func (d *desk) stack(r *bot.Request) (Stack, error) {
	if s, ok := d.stackOf(r); ok {
		return s, nil
	}
	return nil, errNoStack{r.Workspace}
}

// command is how the person talks to the bot: by command, or by mention where that is what they did.
func (d *desk) command(r *bot.Request) string {
	if r.Kind == bot.Mention {
		return "@incident-bot"
	}
	return d.Command
}

// who names the person who acted, for Grafana's eyes. Slack may not say; the handle or the id is better than nothing.
func who(ctx context.Context, r *bot.Request) string {
	if p, err := r.Who(ctx); err == nil && strings.TrimSpace(p.Name) != "" {
		return p.Name
	}
	if r.Actor.Name != "" {
		return r.Actor.Name
	}
	return r.Actor.UserID
}

// signed puts under a text who wrote it, as the API can only write as the service account.
func signed(ctx context.Context, r *bot.Request, text string) string {
	return fmt.Sprintf("%s\n— %s via Slack", text, who(ctx, r))
}

// numbered is an incident as a link: #42.
func numbered(stack Stack, id string) blocks.Mrkdwn {
	return blocks.Link(stack.IncidentURL(id), "#"+id)
}

// named is an incident as a link and its title. A private one has no title here: answers may be read by others.
func named(stack Stack, i incident.Incident) blocks.Mrkdwn {
	if i.Private {
		return blocks.Join(" ", numbered(stack, i.ID), "(private)")
	}
	return blocks.Textf("%s %s", numbered(stack, i.ID), blocks.Cut(i.Title, 150))
}

// changed is the reply to a change: the person is answered, every card is brought up to date, and where a card's button
// was used its thread hears of it, because an edit notifies nobody.
func changed(r *bot.Request, i incident.Incident, done, said blocks.Mrkdwn) bot.Reply {
	reply := answer(blocks.NewMessage(done))
	if i.Private {
		return reply
	}
	reply.Edits = []bot.Edit{{Message: card(i, r.Now), Label: label(i.ID), Clicked: onCard(r)}}
	if onCard(r) && !r.Place.Ephemeral && !r.Place.Direct() {
		reply.Posts = []bot.Post{{Message: blocks.NewMessage(said), Thread: cardThread(r.Place)}}
	}
	return reply
}

// onCard says whether the request began with a button of a card.
func onCard(r *bot.Request) bool {
	switch r.Kind {
	case bot.Submission:
		return r.View.PrivateMetadata != "" && r.Place.MessageTS != ""
	case bot.Click:
		return r.Action.ID == buttonReopen
	}
	return false
}

// cardThread is the thread that a card begins, or the one it stands in.
func cardThread(p bot.Place) string {
	if p.ThreadTS != "" {
		return p.ThreadTS
	}
	return p.MessageTS
}
