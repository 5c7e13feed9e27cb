package slacktest_test

import (
	"context"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"incident-bot/bot/slacktest"
)

func TestCommandArrivesAndIsAnswered(t *testing.T) {
	s := slacktest.New(slacktest.Options{})
	defer s.Close()
	w := s.NewWorkspace("Acme")
	ana, ch := w.NewUser("ana"), w.NewChannel("ops")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	c := slack.New(w.BotToken, slack.OptionAPIURL(s.APIURL()), slack.OptionAppLevelToken(s.AppToken()))
	_, url, err := c.StartSocketModeContext(ctx)
	if err != nil {
		t.Fatal(err)
	}
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := s.WaitSocket(ctx, 1); err != nil {
		t.Fatal(err)
	}
	a := ana.Command(ch, "/incident", "list")
	var f struct {
		EnvelopeID string `json:"envelope_id"`
	}
	for f.EnvelopeID == "" {
		if err := conn.ReadJSON(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.WriteJSON(f); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Acked(ctx); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.PostMessageContext(ctx, ch.ID, slack.MsgOptionText("hello", false)); err != nil {
		t.Fatal(err)
	}
	if got := ana.Sees(ch); len(got) != 1 || got[0].Text != "hello" {
		t.Errorf("ana sees %+v", got)
	}
}
