package bot

import "time"

// How long the ways to answer last (docs: interactivity/handling-user-interaction). Both count from the act; from when
// the frame was read is the nearest that is known.
const (
	triggerLife  = 3 * time.Second
	responseLife = 30 * time.Minute
)

// A verdict says what is to become of an envelope that is no Delivery. The zero verdict is "it is one".
type verdict struct {
	// what names the kind of envelope, in Slack's own word; why says why nobody acts on it.
	what, why string
	// odd marks what nobody expected, to be logged as a warning with its type alone.
	odd bool
	// answer, if not "", is the payload of the acknowledgement, for kinds that Slack waits for an answer to.
	answer string
}

func (v verdict) accepted() bool { return v == verdict{} }

// delivery makes a Delivery from a parsed frame that was read then. It depends on nothing else.
func (f *frame) delivery(received time.Time) (Delivery, verdict) {
	p := &f.Payload
	d := Delivery{
		EnvelopeID: f.EnvelopeID, Attempt: f.Attempt, AcceptsPayload: f.Accepts, Received: received,
		Installation: p.installation(),
		Trigger:      Trigger{ID: NewSecret(p.TriggerID)},
		Response:     Response{URL: NewSecret(p.ResponseURL)},
	}
	if !d.Trigger.ID.IsZero() {
		d.Trigger.Expires = received.Add(triggerLife)
	}
	if !d.Response.URL.IsZero() {
		d.Response.Expires = received.Add(responseLife)
	}
	v := f.fill(&d)
	if v.accepted() && d.Actor.UserID == "" {
		v = verdict{what: string(d.Kind), why: "it names no person", odd: true}
	}
	if !v.accepted() {
		return Delivery{}, v
	}
	return d, v
}

// fill adds what depends on the kind of envelope. A new kind is a new case here or in what it calls.
func (f *frame) fill(d *Delivery) verdict {
	switch f.Type {
	case typeCommand:
		f.command(d)
		return verdict{}
	case typeEvent:
		return f.event(d)
	case typeInteractive:
		return f.interaction(d)
	default:
		return verdict{what: f.Type, why: "this type of envelope is unknown", odd: true}
	}
}

func (f *frame) command(d *Delivery) {
	p := &f.Payload
	d.Kind = Command
	d.CommandName, d.Text = p.Command, p.Text
	// A command says which workspace it was typed in and nothing else about the person's home.
	d.Actor = Actor{UserID: p.UserID, TeamID: firstTeam(p.TeamID), Name: p.UserName}
	d.Place = Place{ChannelID: p.ChannelID} // commands do not work in threads
	d.Key = commandKey(d, p.TriggerID)
}
