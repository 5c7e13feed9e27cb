package handlers

import (
	"errors"
	"strings"
	"testing"
	"time"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

func TestNote(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	note := func(args string) bot.Reply { return d.run(t, typing("note", args), d.note) }
	wants(t, note("#42 CPU  is\nfine, says <@U12>"), "✓ Noted on #42.")
	s.heard(t, "note 42: CPU  is\nfine, says @ben\n— ana via Slack")
	wants(t, note("42 at 14:32 CPU is fine"), "✓ Noted on #42, dated 2026-11-23 13:32 UTC.")
	s.heard(t, "note 42 at 2026-11-23 13:32: CPU is fine\n— ana via Slack")
	wants(t, note("#42 at 2026-11-24 02:32 x"), "That time is still to come (it is 02:30 CET now), so nothing was written.")
	wants(t, note("#42 at 26:00 x"), "I cannot read that time, so nothing was written.")
	wants(t, note("#42"), "There is no text, so nothing was written. Say what happened: `/incident note #42 CPU back to normal`.")
	wants(t, note("#42 at 01:00"), "There is no text, so nothing was written.")
	wants(t, note("#42 "+strings.Repeat("x", maxText)), "The note is too long for Grafana (65554 bytes, 65536 are the most), so nothing was done.")
	wants(t, note("#42 "+strings.Repeat("x ", 20_000)), "✓ Noted on #42.")
	s.said = nil
	s.fails["note"] = &incident.Error{Code: incident.Unavailable}
	wants(t, note("#42 x"), "✗ Nothing was written: the Grafana stack cannot be reached.")
	s.heard(t)
}

// TestNoteOfSomebodyUnknown: a time of day needs a zone, everything else does not.
func TestNoteOfSomebodyUnknown(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	d.People = fakePeople{}
	wants(t, d.run(t, typing("note", "#42 at 01:00 x"), d.note), "Slack does not say which time zone you are in, so nothing was written.", "2026-11-24T01:30:00Z")
	wants(t, d.run(t, typing("note", "#42 at 2026-11-24T01:00:00Z x"), d.note), "✓ Noted on #42, dated 2026-11-24 01:00 UTC.")
	wants(t, d.run(t, typing("note", "#42 x by <@U99>"), d.note), "✓ Noted on #42.")
	s.heard(t, "note 42 at 2026-11-24 01:00: x\n— ana via Slack", "note 42: x by @U99\n— ana via Slack")
}

func TestNoteForm(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	wants(t, d.run(t, sending(formNote, "42", map[string]string{fieldText: " at 01:00 pods restarted \n"}), d.noteSent), "✓ Noted on #42, dated")
	s.heard(t, "note 42 at 2026-11-24 00:00: pods restarted\n— ana via Slack")
	wants(t, d.run(t, sending(formNote, "42", map[string]string{fieldText: "at 2026-11-24 04:00 x"}), d.noteSent), "still to come", "You had typed:\n> at 2026-11-24 04:00 x")
	s.heard(t)
}

func TestUpdate(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	wants(t, d.run(t, typing("update", "#42 *rolled back* &lt;all&gt;. next in 30m"), d.update), "✓ Status update written to #42.")
	s.heard(t, "update 42: *rolled back* &lt;all&gt;. next in 30m\n— ana via Slack")
	wants(t, d.run(t, typing("update", "#42"), d.update), "There is no text, so nothing was written.")
	wants(t, d.run(t, typing("update", "#42 "+strings.Repeat("&amp;", 14_000)), d.update), "The update is too long for Grafana")
	reply := d.run(t, sending(formUpdate, "42", map[string]string{fieldText: "all <!channel>\ngood"}), d.updateSent)
	if len(reply.Posts) != 1 || reply.Posts[0].Thread != "42.0" || blocks.Plain(reply.Posts[0].Text) != "Status update by ana:\n> all <!channel>\n> good" {
		t.Errorf("posts %+v", reply.Posts)
	}
	s.heard(t, "update 42: all &lt;!channel&gt;\ngood\n— ana via Slack")
	private := sending(formUpdate, "42", map[string]string{fieldText: "x"})
	private.Place.Ephemeral = true
	if reply := d.run(t, private, d.updateSent); len(reply.Posts) != 0 {
		t.Error("a card of one person's alone is answered for everybody")
	}
}

func TestSeverity(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	severity := func(args string) bot.Reply { return d.run(t, typing("severity", args), d.severity) }
	wants(t, severity("#42"), "The severity of #42 checkout returns 500s is Minor. Change it to:\n[Critical] [Major] [Pending]")
	wants(t, severity("42 minor"), "is Minor already, so nothing was changed.")
	s.heard(t)
	reply := severity("maj 42")
	wants(t, reply, "✓ The severity of #42 checkout returns 500s is now Major (was Minor).")
	if len(reply.Edits) != 1 || reply.Edits[0].Label != "incident/42" || reply.Edits[0].Clicked || len(reply.Posts) != 0 {
		t.Errorf("%+v %+v", reply.Edits, reply.Posts)
	}
	s.heard(t, "severity 42: Major", "note 42: Severity changed from Minor to Major by ana via Slack")
	wants(t, severity("42 sev:critical"), "is now Critical (was Major)")
	wants(t, severity("42 m"), `Your stack has no severity "m", so nothing was done. Do it with:`)
	s.said = nil
	s.fails["severities"] = &incident.Error{Code: incident.Unavailable}
	wants(t, severity("42 odd"), "✓ The severity of #42 checkout returns 500s is now odd (was Critical).")
	wants(t, severity("42"), "The severity of #42 checkout returns 500s is odd.")
}

func TestSeverityForm2(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	reply := d.run(t, sending(formSeverity, "42", map[string]string{fieldSeverity: "Major"}), d.severitySent)
	wants(t, reply, "✓ The severity of #42 checkout returns 500s is now Major (was Minor).")
	if !reply.Edits[0].Clicked || len(reply.Posts) != 1 || blocks.Plain(reply.Posts[0].Text) != "ana changed the severity from Minor to Major." {
		t.Errorf("%+v %+v", reply.Edits, reply.Posts)
	}
	wants(t, d.run(t, sending(formSeverity, "999", map[string]string{fieldSeverity: "Major"}), d.severitySent), "✗ Nothing was changed: your stack has no incident #999.")
}

// TestWitness: a change stands when the note of who made it cannot be written, and the answer says what it knows.
func TestWitness(t *testing.T) {
	for want, err := range map[string]error{
		"The timeline does not say who did it: that note could not be written.": &incident.Error{Code: incident.Forbidden},
		"I cannot tell whether the timeline says who did it.":                   &incident.Error{Code: incident.Lost},
		"I cannot tell whether the timeline says who did it. ":                  errors.New("deadline"),
	} {
		s := newStack()
		s.fails["note"] = err
		wants(t, newDesk(s).run(t, typing("severity", "42 major"), newDesk(s).severity), "✓ The severity", strings.TrimSpace(want))
		s.heard(t, "severity 42: Major")
	}
}

func TestStatus(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	status := func(args string) bot.Reply { return d.run(t, typing("status", args), d.status) }
	wants(t, status("42"), "The status of #42 checkout returns 500s is active. Change it to:\n[Needs review] [resolved]")
	wants(t, status("42 active"), "is active already, so nothing was changed.")
	wants(t, status("42 needs"), "✓ The status of #42 checkout returns 500s is now Needs review (was active).")
	s.heard(t, "status 42: Needs review", "note 42: Status changed from active to Needs review by ana via Slack")
	i := s.incidents["42"]
	i.Status = "needs-review" // Grafana gives the slug at times
	s.incidents["42"] = i
	wants(t, status("42 Needs Review"), "already, so nothing was changed.")
	wants(t, status("42 odd"), `Your stack has no status "odd", so nothing was done. Set it to:`)
	s.statuses, s.fails["statuses"] = nil, &incident.Error{Code: incident.Unavailable}
	wants(t, status("42 resolved"), "is now resolved")
}

// TestResolve sets the status first, so that the closing update is about a resolved incident.
func TestResolve(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	reply := d.run(t, typing("resolve", "42 bad deploy &amp; cache"), d.resolve)
	wants(t, reply, "✓ #42 checkout returns 500s is resolved. The closing update is written.")
	s.heard(t, "status 42: resolved", "update 42: bad deploy &amp; cache\n— ana via Slack")
	if got := blocks.Plain(reply.Edits[0].Text); !strings.Contains(got, "resolved 2026-11-24 01:30 UTC, after 1 h 00 min") {
		t.Errorf("the card reads %s", got)
	}
	wants(t, d.run(t, typing("resolve", "42"), d.resolve), "#42 checkout returns 500s is resolved already, so nothing was changed.")
	late := d.run(t, typing("resolve", "42 one more &lt;word&gt;"), d.resolve)
	wants(t, late, "Your text was not written.\n[Write it as an update]")
	if words, _ := d.offers.peek(clicking(buttonOffer, buttonValue(t, late, "Write it as an update"))); words != "update #42 one more &lt;word&gt;" {
		t.Errorf("the button runs %q", words)
	}
	s.heard(t)
	wants(t, d.run(t, typing("resolve", "42 "+strings.Repeat("x", maxText)), d.resolve), "The closing update is too long for Grafana")
}

func TestResolveFails(t *testing.T) {
	s := newStack()
	s.fails["status"] = &incident.Error{Code: incident.Lost}
	wants(t, newDesk(s).run(t, typing("resolve", "42 all good"), newDesk(s).resolve), "✗ I cannot tell whether it was changed: Grafana's answer was lost on its way. Look at #42 before you try again.")
	s.heard(t)
	delete(s.fails, "status")
	s.fails["update"] = &incident.Error{Code: incident.Forbidden}
	wants(t, newDesk(s).run(t, typing("resolve", "42 all good"), newDesk(s).resolve),
		"✓ #42 checkout returns 500s is resolved. ✗ The closing update was not written: try `/incident update #42 …` with it. `ref 7f3k2`\n> all good")
	s.heard(t, "status 42: resolved")
}

func TestReopen(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	wants(t, d.run(t, typing("reopen", "42"), d.reopen), "#42 checkout returns 500s is not resolved (its status is active), so nothing was changed.")
	wants(t, d.run(t, typing("reopen", "#43"), d.reopen), "✓ The status of #43 search is slow is now active (was resolved).")
	s.heard(t, "status 43: active", "note 43: Status changed from resolved to active by ana via Slack")
	i := s.incidents["43"]
	i.Status = "resolved"
	s.incidents["43"] = i
	reply := d.run(t, clicking(buttonReopen, "43"), d.reopenClicked)
	if wants(t, reply, "✓ The status"); !reply.Edits[0].Clicked || len(reply.Posts) != 1 || reply.Posts[0].Thread != "50.0" {
		t.Errorf("%+v %+v", reply.Edits, reply.Posts)
	}
}

// TestPrivate: who may see a private incident is Grafana's to decide, so nothing of it is shown.
func TestPrivate(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	for name, reply := range map[string]bot.Reply{
		"show":     d.run(t, inThread("1.0", "show", "66"), d.show),
		"click":    d.run(t, clicking(buttonShow, "66"), d.showClicked),
		"severity": d.run(t, inThread("1.0", "severity", "66 minor"), d.severity),
		"status":   d.run(t, inThread("1.0", "status", "66 needs"), d.status),
		"resolve":  d.run(t, inThread("1.0", "resolve", "66"), d.resolve),
		"reopen":   d.run(t, inThread("1.0", "reopen", "66"), d.reopen),
		"note":     d.run(t, inThread("1.0", "note", "66 x"), d.note),
	} {
		if said := text(reply); !strings.Contains(said, "#66") || strings.Contains(said, "breach") || len(reply.Posts)+len(reply.Edits) > 0 || reply.Answer.Label != "" {
			t.Errorf("%s: %+v", name, reply)
		}
	}
}

// TestNoStack: every handler says so, and none panics.
func TestNoStack(t *testing.T) {
	d := newDesk(newStack())
	d.Stack = nil
	for _, w := range d.words {
		if w.Name != "help" && w.Name != "waiting" {
			wants(t, d.run(t, typing(w.Name, "#42 x"), w.Run), "this workspace is not connected to a Grafana stack", "`ref 7f3k2`")
		}
	}
	for _, s := range d.forms() {
		wants(t, d.run(t, sending(s.CallbackID, "42", map[string]string{fieldText: "x"}), s.Run), "not connected to a Grafana stack")
	}
	for _, b := range d.buttons() {
		if b.Run != nil && b.ID != buttonHelp && b.ID != buttonOffer && b.ID != buttonDrop {
			wants(t, d.run(t, clicking(b.ID, "42"), b.Run), "not connected to a Grafana stack")
		}
	}
	wants(t, d.run(t, typing("", "42 x"), d.unknown), "I do not know *42*")
}

// TestWhoIsNamed by the best name there is.
func TestWhoIsNamed(t *testing.T) {
	d := newDesk(newStack())
	r := typing("note", "x")
	if got := d.who(t.Context(), r); got != "ana" {
		t.Errorf("named %q", got)
	}
	d.People = fakePeople{"U1": " "}
	if r.Actor.Name = "handle"; d.who(t.Context(), r) != "handle" {
		t.Errorf("named %q", d.who(t.Context(), r))
	}
	if r.Actor.Name = ""; d.who(t.Context(), r) != "U1" {
		t.Errorf("named %q", d.who(t.Context(), r))
	}
}

// TestCardStaysTrue: nothing on a card depends on when it is drawn.
func TestCardStaysTrue(t *testing.T) {
	i := newStack().incidents["42"]
	i.Declared = time.Now().Add(-time.Minute)
	if got := pretty(t, card(i).Blocks); strings.Contains(got, "min") {
		t.Errorf("it says for how long:\n%s", got)
	}
}
