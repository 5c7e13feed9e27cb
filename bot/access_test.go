package bot

import (
	"errors"
	"fmt"
	"testing"
)

func TestWhoMayAct(t *testing.T) {
	person := func(fields string) webAnswer {
		return says(fmt.Sprintf(`{"ok":true,"user":{"id":"U1",%s}}`, fields))
	}
	for name, c := range map[string]struct {
		answer webAnswer
		change func(*Request)
		want   Reason // "" may act
	}{
		"member":                      {person(`"team_id":"T1"`), nil, ""},
		"guest":                       {person(`"team_id":"T1","is_restricted":true`), nil, Guest},
		"single-channel guest":        {person(`"team_id":"T1","is_restricted":true,"is_ultra_restricted":true`), nil, Guest},
		"ultra alone":                 {person(`"team_id":"T1","is_ultra_restricted":true`), nil, Guest},
		"stranger":                    {person(`"team_id":"T1","is_stranger":true`), nil, Stranger},
		"other team, shared channel":  {person(`"team_id":"T2"`), func(r *Request) { r.Place.Shared = true }, Stranger},
		"guest of another team":       {person(`"team_id":"T2","is_restricted":true`), nil, Stranger},
		"bot":                         {person(`"team_id":"T1","is_bot":true`), nil, Robot},
		"deleted":                     {person(`"team_id":"T1","deleted":true`), nil, Robot},
		"nobody named":                {nil, func(r *Request) { r.Actor = Actor{} }, Unknown},
		"not found":                   {slackError("user_not_found"), nil, Stranger},
		"not visible":                 {slackError("user_not_visible"), nil, Stranger},
		"scope missing":               {missingScope("users:read"), nil, Unknown},
		"server error":                {status(503), nil, Unknown},
		"no such method, our team":    {slackError("unknown_method"), nil, ""},
		"no such method, other team":  {slackError("unknown_method"), func(r *Request) { r.Actor.TeamID = "T2" }, Unknown},
		"no such method, team unsaid": {slackError("unknown_method"), func(r *Request) { r.Actor.TeamID = "" }, Unknown},
	} {
		g := newRig(t)
		rt := g.router(func(*Routes) {})
		if c.answer != nil {
			g.on("users.info", c.answer)
		}
		r := g.request(Command)
		if c.change != nil {
			c.change(r)
		}
		err := rt.allowed(t.Context(), r, Act)
		refused, _ := errors.AsType[*AccessError](err)
		if c.want == "" && err != nil || c.want != "" && (refused == nil || refused.Reason != c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if err := rt.allowed(t.Context(), r, Read); err != nil {
			t.Errorf("%s may not read: %v", name, err)
		}
	}
}

func TestAccessErrorsSayWhy(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(*Routes) {})
	g.on("users.info", missingScope("users:read"))
	err := rt.allowed(t.Context(), g.request(Command), Act)
	if f := faultOf(err); f.needed != "users:read" {
		t.Errorf("the missing scope is not in %v", err)
	}
	if got := err.Error(); got != "check who acts: unknown: missing_scope" {
		t.Errorf("text %q", got)
	}
	if got := (&AccessError{Reason: Guest}).Error(); got != "check who acts: guest" {
		t.Errorf("text %q", got)
	}
}

// TestRefusedAtOnce asks nobody: only who is known is refused.
func TestRefusedAtOnce(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(*Routes) {})
	r := g.request(Command)
	if err := rt.refusedAtOnce(r, Act); err != nil || len(g.calls("users.info")) != 0 {
		t.Errorf("somebody unknown: %v", err)
	}
	g.on("users.info", says(`{"ok":true,"user":{"id":"U1","team_id":"T1","is_restricted":true}}`))
	_ = rt.allowed(t.Context(), r, Act)
	if err := rt.refusedAtOnce(r, Act); err == nil {
		t.Error("a known guest is not refused")
	}
	if err := rt.refusedAtOnce(r, Read); err != nil {
		t.Errorf("a known guest may read: %v", err)
	}
}
