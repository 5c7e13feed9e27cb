package bot

import (
	"strconv"
	"strings"
	"time"
)

// eventRateLimited is the one outer type of event that is about the app.
const eventRateLimited = "app_rate_limited"

// event reads an Events API envelope. The outer type decides first: app_rate_limited comes without an inner event.
func (f *frame) event(d *Delivery) verdict {
	p := &f.Payload
	switch {
	case p.Type == eventRateLimited:
		return verdict{what: p.Type, why: "Slack dropped events: more than 30,000 in an hour", odd: true}
	case p.Event.Type == "app_mention":
		return f.mention(d)
	case p.Event.Type == "message":
		return f.message(d)
	}
	if why := ignoredEvent(p.Event.Type); why != "" {
		return verdict{what: p.Event.Type, why: why}
	}
	return verdict{what: p.Event.Type, why: "this type of event is unknown", odd: true}
}

// ignoredEvent says why a known event is not acted upon, "" for an unknown one. The app is subscribed to none of these
// today; they come when its settings say more than its manifest.
func ignoredEvent(kind string) string {
	switch kind {
	case "reaction_added", "reaction_removed":
		return "emoji do nothing yet"
	case "app_home_opened":
		return "there is no Home tab yet"
	case "link_shared":
		return "links do not unfold yet"
	case "app_uninstalled", "tokens_revoked":
		return "no token of that workspace works any more; its next call will say so"
	case "member_joined_channel", "member_left_channel", "channel_archive", "channel_rename", "channel_unarchive",
		"channel_deleted", "group_archive", "group_rename", "team_join", "user_change", "app_installed":
		return "nothing depends on it"
	default:
		return ""
	}
}

// lateEdit is the age at which editing a message no longer says it: by then the first saying may be forgotten.
const lateEdit = seenWindow

// mention reads @incident-bot in a channel. Slack sends it again, under a new event id, when the message is edited;
// Delivery.Twin recognises that, unless it comes late.
func (f *frame) mention(d *Delivery) verdict {
	e := &f.Payload.Event
	if why := f.notAPerson(); why != "" {
		return verdict{what: e.Type, why: why}
	}
	if editedAfter(e) > lateEdit {
		return verdict{what: e.Type, why: "an old message was edited"}
	}
	f.said(d)
	return verdict{}
}

// message reads a direct message to the bot. Everything else called message is no business of the bot's.
func (f *frame) message(d *Delivery) verdict {
	e := &f.Payload.Event
	switch {
	case e.ChannelType != "im":
		return verdict{what: e.Type, why: "not a direct message"}
	case !spoken(e.Subtype):
		return verdict{what: e.Type, why: "not something a person wrote"} // message_changed also fires on unfurls
	}
	if why := f.notAPerson(); why != "" {
		return verdict{what: e.Type, why: why}
	}
	f.said(d)
	return verdict{}
}

// spoken says whether a message of that subtype holds words of its author. A file with words beside it is
// file_share, "also send to channel" is thread_broadcast, /me is me_message.
func spoken(subtype string) bool {
	return subtype == "" || subtype == "file_share" || subtype == "thread_broadcast" || subtype == "me_message"
}

// notAPerson says why a message was not written by a person: bots talking to bots do not end.
func (f *frame) notAPerson() string {
	p := &f.Payload
	e := &p.Event
	switch {
	case e.BotID != "" || e.Subtype == "bot_message":
		return "a bot wrote it"
	case e.User == "USLACKBOT":
		return "Slackbot wrote it"
	case len(p.Authorizations) > 0 && e.User != "" && e.User == p.Authorizations[0].UserID:
		return "the bot itself wrote it"
	default:
		return ""
	}
}

// said fills a Mention from a message.
func (f *frame) said(d *Delivery) {
	p := &f.Payload
	e := &p.Event
	d.Kind = Mention
	d.Key = eventKey(p.EventID, f.EnvelopeID)
	d.Text = e.Text
	d.Place = Place{ChannelID: e.Channel, ThreadTS: threadOf(e.ThreadTS, e.TS), MessageTS: e.TS, Shared: p.Shared}
	d.Actor = Actor{UserID: e.User, TeamID: firstTeam(e.UserTeam)}
	if d.Actor.TeamID == "" && !p.Shared {
		// In a shared channel event.team may be either side's.
		d.Actor.TeamID = firstTeam(e.Team)
	}
	if e.Channel != "" && e.TS != "" {
		d.Twin = messageKey(e.Channel, e.TS)
	}
}

// threadOf gives the thread that a message is in, "" for the message that heads it.
func threadOf(thread, ts string) string {
	if thread == ts {
		return ""
	}
	return thread
}

// editedAfter says how long after it was written a message was edited, 0 if it was not.
func editedAfter(e *event) time.Duration {
	if e.Edited.TS == "" {
		return 0
	}
	return slackTime(e.Edited.TS).Sub(slackTime(e.TS))
}

// slackTime reads a message's ts to the second: "1706785424.099119".
func slackTime(ts string) time.Time {
	whole, _, _ := strings.Cut(ts, ".")
	seconds, _ := strconv.ParseInt(whole, 10, 64)
	return time.Unix(seconds, 0)
}
