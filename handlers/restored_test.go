package handlers_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"incident-bot/bot"
	"incident-bot/bot/journal"
)

// pastKey names the act of an earlier process.
const pastKey = "act:past"

// past is what an earlier process left of an act of ana's: what it did, and what others kept meanwhile.
type past struct {
	text    string
	click   bot.Action     // instead of words
	effects map[string]any // results by effect
	kept    map[string]any
	fails   string // what fails from now on, as in a script
}

// restored plays a script in front of a bot that finds a command of an earlier process.
func restored(t *testing.T, was past, script string) {
	t.Helper()
	s, path := setStage(t), filepath.Join(t.TempDir(), "bot.db")
	earlier := journalAt(t, path)
	s.leave(earlier, was)
	closed(t, earlier)
	now := journalAt(t, path)
	t.Cleanup(func() { closed(t, now) })
	s.inbox = now
	s.before = map[string]bool{}
	if was.fails != "" {
		s.act("grafana fails " + was.fails)
	}
	s.run()
	s.play(script)
}

func journalAt(t *testing.T, path string) journal.Journal {
	t.Helper()
	j, err := journal.Open(t.Context(), "sqlite:"+path, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func closed(t *testing.T, j journal.Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// leave puts a command into the journal as an earlier process left it.
func (s *stage) leave(j bot.Inbox, was past) {
	s.t.Helper()
	kind := bot.Command
	if was.click.ID != "" {
		kind = bot.Click
	}
	ana, team, now := s.people["ana"].ID, s.team.TeamID, time.Now()
	e := bot.Entry{Key: pastKey, Workspace: team, User: ana, Lane: team + "/past", Received: now, Body: encoded(s.t, map[string]any{
		"Kind": kind, "Key": pastKey, "Received": now, "Installation": bot.Installation{TeamID: team},
		"Actor": bot.Actor{UserID: ana, TeamID: team}, "Place": bot.Place{ChannelID: s.channels["#ops"].ID},
		"CommandName": "/incident", "Text": was.text, "Action": was.click,
	})}
	if _, err := j.Put(s.t.Context(), &e); err != nil {
		s.t.Fatal(err)
	}
	if _, err := j.Start(s.t.Context(), e.ID); err != nil {
		s.t.Fatal(err)
	}
	for effect, result := range was.effects {
		j.Concluded(e.ID, effect, encoded(s.t, result))
	}
	for key, value := range was.kept {
		j.Keep(team+"/"+key, encoded(s.t, value), now.Add(time.Hour))
	}
	j.Later(e.ID, now, "the process ended")
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
