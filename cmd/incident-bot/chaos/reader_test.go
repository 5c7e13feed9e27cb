package chaos

import (
	"slices"
	"strings"

	"incident-bot/bot/slacktest"
)

// reader has read what the bot said, everywhere, once: counting asks for hundreds of acts at a time.
type reader struct {
	alone   map[spot][]string // what one person alone sees in a channel
	threads map[spot][]string // what stands in a thread of a channel
	direct  map[string][]string
	open    map[string][]string // what everybody in a channel sees
}

// spot is a channel and who reads there, or which thread.
type spot struct{ channel, who string }

// read reads everything.
func (w *world) read() *reader {
	r := newReader()
	for _, ch := range w.places {
		r.readChannel(w, ch)
	}
	for _, u := range w.users {
		r.readDirect(w, u)
	}
	return r
}

// lasting is what the person was told where it can be changed afterwards: in a thread or a direct message.
func (r *reader) lasting(a *act) []string {
	var told []string
	if a.mention {
		told = append(told, r.threads[spot{a.ch.ID, a.sent.Message().TS}]...)
	}
	for _, text := range r.direct[a.user.ID] {
		if strings.Contains(text, a.token) {
			told = append(told, text)
		}
	}
	return told
}

// answers is what one person was told about an act.
func (w *world) answers(a *act) []string {
	r := newReader()
	r.readChannel(w, a.ch)
	r.readDirect(w, a.user)
	return r.answers(a)
}

func newReader() *reader {
	return &reader{alone: map[spot][]string{}, threads: map[spot][]string{}, direct: map[string][]string{}, open: map[string][]string{}}
}

func (r *reader) readDirect(w *world, u *slacktest.User) {
	for _, m := range u.Sees(w.team.DM(u)) {
		if m.User == w.team.BotUserID {
			r.direct[u.ID] = append(r.direct[u.ID], m.Plain())
		}
	}
}

func (r *reader) readChannel(w *world, ch *slacktest.Channel) {
	for _, m := range ch.Messages() {
		if m.User != w.team.BotUserID || m.Deleted {
			continue
		}
		text := m.Plain()
		if m.Ephemeral {
			at := spot{ch.ID, m.To}
			r.alone[at] = append(r.alone[at], text)
			continue
		}
		at := spot{ch.ID, m.ThreadTS}
		r.threads[at] = append(r.threads[at], text)
		r.open[ch.ID] = append(r.open[ch.ID], text)
	}
}

// answers is what the person was told about the act, oldest first: what nobody else sees in its channel, what stands in
// its thread, and what came in a direct message and quotes it.
func (r *reader) answers(a *act) []string {
	return append(slices.Clone(r.alone[spot{a.ch.ID, a.user.ID}]), r.lasting(a)...)
}

// cards counts how often an act's incident is shown to its channel.
func (r *reader) cards(a *act) int {
	n := 0
	for _, text := range r.open[a.ch.ID] {
		n += one(!a.note && strings.Contains(text, a.token))
	}
	return n
}
