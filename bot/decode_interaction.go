package bot

import "cmp"

// interaction reads what came of a button, a form or a shortcut.
func (f *frame) interaction(d *Delivery) verdict {
	p := &f.Payload
	switch p.Type {
	case "block_actions":
		return f.click(d)
	case "view_submission":
		f.submission(d)
		return verdict{}
	}
	if v := ignoredInteraction(p.Type); !v.accepted() {
		return v
	}
	return verdict{what: p.Type, why: "this type of interaction is unknown", odd: true}
}

// ignoredInteraction says why a known interaction is not acted upon.
func ignoredInteraction(kind string) verdict {
	switch kind {
	case "view_closed":
		return verdict{what: kind, why: "closing a form changes nothing"}
	case "block_suggestion":
		// Without options in the acknowledgement the select shows an error instead of "no results".
		return verdict{what: kind, why: "no select asks for options yet", answer: `{"options":[]}`}
	case "shortcut", "message_action":
		return verdict{what: kind, why: "there are no shortcuts yet"}
	case "interactive_message", "dialog_submission", "dialog_cancellation", "dialog_suggestion", "workflow_step_edit":
		return verdict{what: kind, why: "Slack's old attachments, dialogs and steps are not used"}
	default:
		return verdict{}
	}
}

// click reads one action on a message or inside a view. Slack sends one action at a time.
func (f *frame) click(d *Delivery) verdict {
	p := &f.Payload
	if len(p.Actions) == 0 {
		return verdict{what: p.Type, why: "it holds no action", odd: true}
	}
	a := &p.Actions[0]
	f.person(d)
	d.Kind = Click
	d.Action = Action{ID: a.ActionID, BlockID: a.BlockID, Value: a.one(), Selected: a.many()}
	d.View = p.View.own()
	d.Key = clickKey(d, a.ActionTS)
	return verdict{}
}

func (f *frame) submission(d *Delivery) {
	f.person(d)
	d.Kind = Submission
	d.View = f.Payload.View.own()
	d.Key = submissionKey(d.View.ID, f.EnvelopeID)
}

// person fills in who acted and where.
func (f *frame) person(d *Delivery) {
	p := &f.Payload
	d.Actor = Actor{UserID: p.User.ID, TeamID: firstTeam(p.User.TeamID), Name: cmp.Or(p.User.Username, p.User.Name)}
	d.Place = Place{
		ChannelID: cmp.Or(p.Channel.ID, p.Container.ChannelID),
		MessageTS: cmp.Or(p.Container.MessageTS, p.Message.TS), // an ephemeral message is in the container alone
		Ephemeral: p.Container.Ephemeral,
	}
	d.Place.ThreadTS = threadOf(cmp.Or(p.Message.ThreadTS, p.Container.ThreadTS), d.Place.MessageTS)
	// Interactions do not say whether a channel is shared; a person from elsewhere shows it.
	d.Place.Shared = p.User.TeamID != "" && d.Installation.TeamID != "" && p.User.TeamID != d.Installation.TeamID
}

// own gives the view as our own value.
func (v *view) own() View {
	return View{
		ID: v.ID, Hash: v.Hash, CallbackID: v.CallbackID, PrivateMetadata: v.Metadata, Values: v.values(),
	}
}
