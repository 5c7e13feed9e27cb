package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A key says which act a delivery is about, so that the act happens once however often Slack tells of it. What names an
// act differs by kind, because Slack redelivers them differently (docs: apis/events-api; the rest is not documented):
//
//   - An event comes up to four times, each in a new envelope, with the same event_id.
//   - A command is not supposed to come twice, and does: after an acknowledgement that got lost or was too long. Its
//     trigger_id is made for the one act. A trigger is a bearer secret, so its hash is the key, together with who said
//     what where: an act with other words is another act, whatever its trigger. Without a trigger the envelope's own id
//     has to do.
//   - A click is one person, one element, one message or view, at one action_ts.
//   - A submission is named by its view: a modal is submitted with success once, and whoever presses Submit again
//     because the acknowledgement got lost means the same submission. (One that was answered with errors was not
//     accepted: it is not put into the inbox and may come again.)
//
// The second recogniser is the envelope's id, which Slack reuses when it repeats a frame as such. The third, for
// mentions alone, is the message: see Delivery.Twin.

func eventKey(id, envelope string) string {
	if id == "" {
		return envelopeKey(envelope)
	}
	return "event:" + id
}

func commandKey(d *Delivery, trigger string) string {
	if trigger == "" {
		trigger = d.Response.URL.Reveal() // made for the one act too
	}
	if trigger == "" {
		return envelopeKey(d.EnvelopeID)
	}
	return "command:" + digest(trigger, d.Actor.UserID, d.Place.ChannelID, d.CommandName, d.Text)
}

// clickKey names a click. The action's id comes back from the client and may be 255 characters long, hence the hash.
func clickKey(d *Delivery, actionTS string) string {
	if actionTS == "" {
		return envelopeKey(d.EnvelopeID)
	}
	where := d.View.ID
	if where == "" {
		where = d.Place.ChannelID + "/" + d.Place.MessageTS
	}
	return "click:" + digest(d.Actor.UserID, where, d.Action.BlockID, d.Action.ID, actionTS)
}

func submissionKey(view, envelope string) string {
	if view == "" {
		return envelopeKey(envelope)
	}
	return "submission:" + view
}

func envelopeKey(id string) string { return "envelope:" + id }

func messageKey(channel, ts string) string { return "message:" + channel + "/" + ts }

// digest is 16 bytes of the SHA-256 of its parts, in hex. A zero byte keeps the parts apart.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// names lists the further names, beside its Key, under which a delivery of the same act would be recognised.
func (d *Delivery) names() []string {
	var names []string
	if d.EnvelopeID != "" {
		names = append(names, envelopeKey(d.EnvelopeID))
	}
	if d.Twin != "" {
		names = append(names, d.Twin)
	}
	return names
}
