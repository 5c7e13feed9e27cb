package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

// byToken answers auth.test for each token as told; a token nobody told about is refused.
func byToken(w *web, bodies map[string]string) {
	for range 50 {
		w.on("auth.test", func(_ *http.Request, c webCall) (int, http.Header, string, error) {
			if body, ok := bodies[c.Token]; ok {
				return http.StatusOK, nil, body, nil
			}
			return http.StatusOK, nil, `{"ok":false,"error":"invalid_auth"}`, nil
		})
	}
}

func teamIs(id string) string {
	return fmt.Sprintf(`{"ok":true,"team_id":%q,"user_id":"UBOT%s"}`, id, id)
}

func spaces(w *web, log *logBuffer, c ...Credentials) *Workspaces {
	return NewWorkspaces(c, "https://slack.test/api", &http.Client{Transport: w}, zerolog.New(log))
}

func credentials(teamID, token string) Credentials {
	return Credentials{TeamID: teamID, BotToken: NewSecret(token)}
}

func TestLookupIsByInstallationAlone(t *testing.T) {
	w, log := newWeb(t), &logBuffer{}
	byToken(w, map[string]string{
		"xoxb-1": teamIs("T1"), "xoxb-2": `{"ok":true,"team_id":"T2","enterprise_id":"E9","user_id":"UB2"}`,
		"xoxb-org": `{"ok":true,"team_id":"E5","enterprise_id":"E5","is_enterprise_install":true,"user_id":"UB5"}`,
	})
	ws := spaces(w, log, credentials("", "xoxb-1"), credentials("T2", "xoxb-2"), credentials("", "xoxb-org"))
	if err := ws.Resolve(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		in   Installation
		want string
	}{
		"team":                       {Installation{TeamID: "T1"}, "T1"},
		"team of a grid":             {Installation{TeamID: "T2", EnterpriseID: "E9"}, "T2"},
		"org-wide":                   {Installation{EnterpriseID: "E5", OrgWide: true}, "E5"},
		"org-wide with the actor's":  {Installation{TeamID: "T77", EnterpriseID: "E5", OrgWide: true}, "E5"},
		"not org-wide":               {Installation{TeamID: "T77", EnterpriseID: "E5"}, ""},
		"a grid we have a team of":   {Installation{TeamID: "T78", EnterpriseID: "E9", OrgWide: true}, ""},
		"another team":               {Installation{TeamID: "T3"}, ""},
		"nothing":                    {Installation{}, ""},
		"nothing, org-wide":          {Installation{OrgWide: true}, ""},
		"an organisation for a team": {Installation{TeamID: "E5"}, ""},
		"a team for an organisation": {Installation{EnterpriseID: "T1", OrgWide: true}, ""},
	} {
		got, ok := ws.lookup(c.in)
		if ok != (c.want != "") || ok && got.id() != c.want {
			t.Errorf("%s: found %v", name, ok)
		}
	}
	if one, ok := ws.byID("T1"); !ok || one.botUser() != "UBOTT1" {
		t.Error("T1 is not known by its id, or its bot user is not")
	}
	if err := ws.Err(); err != nil {
		t.Errorf("all tokens work, yet %v", err)
	}
}

func TestOneBadTokenBlocksNobody(t *testing.T) {
	w, log := newWeb(t), &logBuffer{}
	byToken(w, map[string]string{"xoxb-1": teamIs("T1"), "xoxb-wrong": teamIs("T9")})
	ws := spaces(w, log, credentials("T0", "xoxb-dead"), credentials("T2", "xoxb-wrong"), credentials("", "xoxb-1"),
		credentials("", "xoxb-1"), credentials("T5", ""))
	if err := ws.Resolve(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok := ws.lookup(Installation{TeamID: "T1"}); !ok {
		t.Error("T1 is not served")
	}
	for _, id := range []string{"T2", "T9"} {
		if _, ok := ws.lookup(Installation{TeamID: id}); ok {
			t.Errorf("%s is served with a token of another workspace", id)
		}
	}
	said := fmt.Sprint(ws.Err())
	for _, want := range []string{
		"Slack refuses the bot token (xoxb-…) of workspace T0 (invalid_auth): reinstall",
		"the bot token (xoxb-…) of workspace T2 belongs to T9: correct team_id or the token",
		"T1 is configured twice", "of workspace T5 is missing",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in:\n%s", want, said)
		}
	}
	if strings.Contains(said+log.String(), "xoxb-1") {
		t.Error("a token is shown")
	}
}

func TestNoGoodTokenIsFatal(t *testing.T) {
	for _, id := range []string{"", "T1"} {
		w := newWeb(t)
		byToken(w, nil)
		err := spaces(w, &logBuffer{}, credentials(id, "xoxb-dead")).Resolve(t.Context())
		if dead, ok := errors.AsType[*TokenError](err); !ok || dead.Code != "invalid_auth" {
			t.Errorf("configured as %q: %v", id, err)
		}
	}
}

func TestResolveWaitsForSlack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(t)
		w.on("auth.test", status(503), hangs(), tooMany(1), slackError("internal_error"), breaks())
		ws := spaces(w, &logBuffer{}, credentials("", "xoxb-1"))
		start := time.Now()
		if err := ws.Resolve(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 15*time.Second || took > time.Minute {
			t.Errorf("five failures took %s", took)
		}
		if n := len(w.calls("auth.test")); n != 6 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestResolveStopsWhenTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(t)
		w.on("auth.test", times(1000, refuses())...)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := spaces(w, &logBuffer{}, credentials("", "xoxb-1")).Resolve(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

// TestKnownWorkspaceIsServedMeanwhile: with a configured team_id sockets may open although Slack cannot be asked yet.
func TestKnownWorkspaceIsServedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(t)
		w.on("auth.test", refuses(), refuses(), refuses())
		ws := spaces(w, &logBuffer{}, credentials("T1", "xoxb-1"))
		if err := ws.Resolve(t.Context()); err != nil {
			t.Fatal(err)
		}
		one, ok := ws.lookup(Installation{TeamID: "T1"})
		if !ok || one.botUser() != "" || ws.Err() == nil {
			t.Fatalf("served %v, ready %v", ok, ws.Err())
		}
		ws.Watch(t.Context())
		if one.botUser() != "UBOT" || ws.Err() != nil {
			t.Errorf("after asking again: bot %q, %v", one.botUser(), ws.Err())
		}
	})
}

func TestATokenMayDieLater(t *testing.T) {
	g := newRig(t)
	one, _ := g.ws.byID("T1")
	g.on("users.info", slackError("token_revoked"))
	if _, err := g.ws.People().Get(t.Context(), "T1", "U1"); err == nil {
		t.Fatal("a revoked token finds people")
	}
	if err := g.ws.Err(); err == nil || !strings.Contains(err.Error(), "T1") {
		t.Errorf("Err says %v", err)
	}
	one.note(nil)
	if err := g.ws.Err(); err != nil {
		t.Errorf("it works again, yet %v", err)
	}
}

func TestIdentify(t *testing.T) {
	for name, c := range map[string]struct {
		configured string
		says       answer
		want       identity
		code       string
	}{
		"team":              {"", answer{TeamID: "T1", UserID: "UB"}, identity{id: "T1", team: "T1", botUser: "UB", asked: true}, ""},
		"grid team by org":  {"E1", answer{TeamID: "T1", EnterpriseID: "E1"}, identity{id: "E1", team: "T1", enterprise: "E1", asked: true}, ""},
		"org":               {"", answer{TeamID: "E1", EnterpriseInstall: true}, identity{id: "E1", enterprise: "E1", orgWide: true, asked: true}, ""},
		"org without team":  {"E1", answer{EnterpriseID: "E1"}, identity{id: "E1", enterprise: "E1", orgWide: true, asked: true}, ""},
		"another workspace": {"T2", answer{TeamID: "T1"}, identity{}, "wrong_workspace"},
		"another org":       {"E2", answer{TeamID: "T1", EnterpriseID: "E1"}, identity{}, "wrong_workspace"},
	} {
		got, err := credentials(c.configured, "xoxb").identify(c.says)
		if wrong, ok := errors.AsType[*TokenError](err); ok || c.code != "" {
			if !ok || wrong.Code != c.code {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if *got != c.want {
			t.Errorf("%s: %+v, want %+v", name, *got, c.want)
		}
	}
}
