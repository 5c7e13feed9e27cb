package handlers

import (
	"errors"

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

// refused says that nothing was done, and gives back what was typed into a form.
func refused(r *bot.Request, text blocks.Mrkdwn, buttons ...button) bot.Reply {
	return answer(question(text, buttons, typed(r)))
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
	reply.Edits = []bot.Edit{{Message: card(i), Label: label(i.ID), Clicked: onCard(r), At: i.Modified}}
	reply.Posts = beside(r, said)
	return reply
}

// beside tells the thread of the card whose button was used. Nobody hears of it where a card is one person's alone.
func beside(r *bot.Request, said blocks.Mrkdwn) []bot.Post {
	if !onCard(r) || r.Place.Ephemeral || r.Place.Direct() {
		return nil
	}
	return []bot.Post{{Message: blocks.NewMessage(said, blocks.Section(said)), Thread: either(r.Place.ThreadTS, r.Place.MessageTS)}}
}

// onCard says whether the request began with a button of a card.
func onCard(r *bot.Request) bool {
	switch r.Kind {
	case bot.Submission:
		return formID(r) != "" && r.Place.MessageTS != ""
	case bot.Click:
		return r.Action.ID == buttonReopen
	}
	return false
}

// notSure says of a part that failed whether it may have happened all the same.
func notSure(err error) bool {
	var done *bot.NotDoneError
	if errors.As(err, &done) {
		return false
	}
	var e *incident.Error
	return !errors.As(err, &e) || uncertain(e)
}
