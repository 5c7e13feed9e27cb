package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/blocks"
)

func TestErrorTexts(t *testing.T) {
	below := errors.New("expired_trigger_id")
	for want, err := range map[string]error{
		"check who acts: guest":                                              &AccessError{Reason: Guest},
		"check who acts: unknown: expired_trigger_id":                        &AccessError{Reason: Unknown, Err: below},
		"open form: expired_trigger_id":                                      &FormError{Err: below},
		"handler panicked: boom":                                             &PanicError{Value: "boom", Stack: []byte("main.go:1")},
		"the bot token (xoxb-…) belongs to T2: correct team_id or the token": &TokenError{Code: "wrong_workspace", Got: "T2"},
		"the bot token (xoxb-…) of workspace T1 is missing: copy it from the Slack app's page OAuth & Permissions": &TokenError{
			TeamID: "T1", Code: "missing"},
		"Slack refuses the bot token (xoxb-…) (token_revoked): reinstall the app to the workspace and copy the token from OAuth & Permissions": &TokenError{
			Code: "token_revoked"},
	} {
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
	for _, err := range []error{&AccessError{Err: below}, &FormError{Err: below}, triedError{errors.New("x"), below}} {
		if !errors.Is(err, below) {
			t.Errorf("%T hides what lies below", err)
		}
	}
	if got := (triedError{errors.New("one"), errors.New("two")}).Error(); got != "one; then two" {
		t.Errorf("got %q", got)
	}
}

// counting notes what an observer is told.
type counting struct{ told []string }

func (c *counting) handled(kind Kind, route, outcome string, _ time.Duration) {
	c.told = append(c.told, fmt.Sprint(kind, " ", route, " ", outcome))
}
func (c *counting) unknownWorkspace(kind Kind) {
	c.told = append(c.told, fmt.Sprint(kind, " unknown workspace"))
}
func (c *counting) looked(outcome string) { c.told = append(c.told, "looked "+outcome) }

func (c *counting) called(method, outcome string, _ time.Duration) {
	c.told = append(c.told, fmt.Sprint(method, " ", outcome))
}

func TestObserverIsTold(t *testing.T) {
	g := newRig(t)
	c := &counting{}
	rt := g.router(func(r *Routes) {
		formRoutes(nil)(r)
		r.Words = append(r.Words,
			Word{Name: "fail", Run: func(context.Context, *Request) (Reply, error) { return Reply{}, errors.New("x") }},
			Word{Name: "panic", Run: func(context.Context, *Request) (Reply, error) { panic("x") }},
			Word{Name: "act", Access: Act, Run: done},
			Word{Name: "edit", Run: func(context.Context, *Request) (Reply, error) {
				return Reply{Posts: []Post{{Message: blocks.NewMessage("x")}}}, nil
			}})
	})
	rt.observe, g.sender.observe = c, c
	g.on("users.info", says(`{"ok":true,"user":{"id":"U1","team_id":"T1","is_bot":true}}`))
	g.on("hook", gone())
	g.on("chat.postMessage", slackError("is_archived"))
	rt.Run(t.Context(), acting(g.delivery(Command, "fail")))
	rt.Run(t.Context(), acting(g.delivery(Command, "panic")))
	rt.Run(t.Context(), acting(g.delivery(Command, "act")))
	rt.Run(t.Context(), acting(g.delivery(Command, "edit")))
	rt.Run(t.Context(), acting(clicked(g.delivery(Click, ""), "old")))
	d := g.delivery(Submission, "")
	d.Installation.TeamID = "T9"
	rt.Run(t.Context(), acting(d))
	other := g.delivery(Command, "note")
	other.Actor.UserID = "U2"
	rt.Fast(t.Context(), other)
	want := []string{
		"command fail failed", "response_url http_404", "chat.postEphemeral ok",
		"command panic panicked", "response_url ok",
		"command act refused", "response_url ok",
		"command edit ok", "chat.postMessage is_archived", "response_url ok",
		"click none unregistered", "response_url ok",
		"submission unknown workspace",
		"views.open ok", "command note ok",
	}
	if got := strings.Join(c.told, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("told:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}
