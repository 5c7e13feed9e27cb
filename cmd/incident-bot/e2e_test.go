package main

import (
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// TestWholeWay types a command and reads the answer: Slack's frame in, Grafana's API called, the card posted.
func TestWholeWay(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env())
	p.becomes(200, "ready")
	w.ana.Command(w.ops, "/incident", "declare checkout returns 500s sev:critical")
	sees(t, w.ana, w.ops, "checkout returns 500s")
	made := w.grafana.Incidents()
	if len(made) != 1 || made[0].Title != "checkout returns 500s" || made[0].Severity != "Critical" {
		t.Fatalf("%+v", made)
	}
	w.ana.Mention(w.ops, "", "note "+made[0].ID+" rolled back")
	eventually(t, "the note is in Grafana", func() bool {
		one, _ := w.grafana.Incident(made[0].ID)
		return slices.ContainsFunc(one.Activity, func(a incidenttest.Activity) bool { return strings.Contains(a.Body, "rolled back") })
	})
	if _, body := p.get("/metrics"); !strings.Contains(body, `incident_bot_grafana_call_seconds_count{method="IncidentsService.CreateIncident",outcome="ok"} 1`) {
		t.Error("the declaration is not counted")
	}
	if code := p.stop(); code != exitOK || p.stderr.String() != "" {
		t.Errorf("exit %d, stderr %q", code, p.stderr.String())
	}
	if _, ok := p.logged("stopped in order"); !ok {
		t.Error("the end is not in the log")
	}
	for _, c := range w.slack.Calls("") {
		if strings.Contains(fmt.Sprint(c), "missing_scope") {
			t.Errorf("the manifest lacks a scope: %+v", c)
		}
	}
}

// TestNoSecretInTheLog reads the complete log of a life at trace.
func TestNoSecretInTheLog(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env())
	p.becomes(200, "ready")
	w.ana.Command(w.ops, "/incident", "declare database is slow")
	sees(t, w.ana, w.ops, "database is slow")
	w.ana.Command(w.ops, "/incident", "declare") // opens a form: the trigger is a secret too
	eventually(t, "the form opens", func() bool { return w.ana.View() != nil })
	w.grafana.Fail("", incidenttest.Fault{Status: 500, Body: "<html>" + w.token + "</html>", ContentType: "text/html", Times: -1})
	w.ana.Command(w.ops, "/incident", "show 1")
	told := regexp.MustCompile(`ref ([a-z0-9]+)`).FindStringSubmatch(sees(t, w.ana, w.ops, "ref ").Plain())
	eventually(t, "the failure is logged under its reference", func() bool {
		return slices.ContainsFunc(p.lines(), func(l map[string]any) bool { return l["ref"] == told[1] && l["error"] != nil })
	})
	p.stop()
	log := p.stdout.String() + p.stderr.String()
	for name, secret := range map[string]string{"app token": w.slack.AppToken(), "bot token": w.team.BotToken, "Grafana token": w.token} {
		for _, part := range []string{secret, secret[len(secret)-8:]} {
			if i := strings.Index(log, part); i >= 0 {
				t.Errorf("the %s is in the log: %.200s", name, log[max(0, i-150):])
			}
		}
	}
	for _, word := range []string{"/response/", "hooks.slack.com", "ticket="} {
		if i := strings.Index(log, word); i >= 0 {
			t.Errorf("a secret address is in the log: %.200s", log[max(0, i-100):])
		}
	}
}

// TestReadinessSaysWhy walks through the states that /readyz tells.
func TestReadinessSaysWhy(t *testing.T) {
	t.Run("no socket", func(t *testing.T) {
		w := newWorld(t)
		w.slack.Fail("apps.connections.open", slacktest.Fault{Status: 503, Times: 1000})
		p := start(t, w.env())
		p.becomes(503, "not ready\n- ")
		if status, _ := p.get("/healthz"); status != 200 {
			t.Errorf("/healthz is %d", status)
		}
		if code := p.stop(); code != exitOK {
			t.Errorf("exit %d", code)
		}
	})
	t.Run("the stack refuses its token", func(t *testing.T) {
		w := newWorld(t)
		w.grafana.Revoke(w.token)
		p := start(t, w.env())
		p.becomes(503, w.grafana.URL()+" refuses its service account token")
	})
	t.Run("the stack is down", func(t *testing.T) {
		w := newWorld(t)
		w.grafana.Down(true)
		p := start(t, w.env())
		p.becomes(200, "ready\n- "+w.grafana.URL()+" does not answer as it should: unavailable: ")
	})
	t.Run("a workspace's Slack token is refused", func(t *testing.T) {
		w := newWorld(t)
		other := w.slack.NewWorkspace("Other")
		other.Kill("token_revoked")
		env := w.env()
		file := filepath.Join(t.TempDir(), "workspaces.yaml")
		writeWorkspaces(t, file, entry{w.team, w.grafana.URL(), w.token}, entry{other, w.grafana.URL(), w.token})
		inFile(env, file)
		p := start(t, env)
		p.becomes(503, other.TeamID)
		eventually(t, "a socket is open", func() bool { return w.slack.Sockets() > 0 })
		w.ana.Command(w.ops, "/incident", "help")
		sees(t, w.ana, w.ops, "declare") // the other workspace is served
	})
}

// entry is one workspace of a file.
type entry struct {
	team       *slacktest.Workspace
	url, token string
}

func writeWorkspaces(t *testing.T, path string, list ...entry) {
	t.Helper()
	text := "workspaces:\n"
	for _, e := range list {
		text += fmt.Sprintf("  - team_id: %s\n    slack_bot_token: %s\n    grafana_url: %s\n    grafana_service_account_token: %s\n",
			e.team.TeamID, e.team.BotToken, e.url, e.token)
	}
	write(t, filepath.Dir(path), filepath.Base(path), text)
}

// inFile puts a file in the place of the single workspace.
func inFile(env map[string]string, file string) {
	delete(env, "SLACK_BOT_TOKEN")
	delete(env, "GRAFANA_URL")
	delete(env, "GRAFANA_SERVICE_ACCOUNT_TOKEN")
	env["WORKSPACES_FILE"] = file
}

// TestWorkspacesNeverCross has two workspaces with a stack each, and one stack is refused the other's token.
func TestWorkspacesNeverCross(t *testing.T) {
	w := newWorld(t)
	second := w.slack.NewWorkspace("Second", slacktest.WithScopes(manifestScopes()...))
	bob := second.NewUser("bob")
	room := second.NewChannel("room", slacktest.WithBot())
	other := incidenttest.New(incidenttest.Options{})
	t.Cleanup(other.Close)
	otherToken := other.NewToken(incidenttest.Editor)
	env := w.env()
	file := filepath.Join(t.TempDir(), "workspaces.yaml")
	writeWorkspaces(t, file, entry{w.team, w.grafana.URL(), w.token}, entry{second, other.URL(), otherToken})
	inFile(env, file)
	p := start(t, env)
	p.becomes(200, "ready")
	for i := range 5 {
		w.ana.Command(w.ops, "/incident", fmt.Sprintf("declare first %d", i))
		bob.Command(room, "/incident", fmt.Sprintf("declare second %d", i))
	}
	for i := range 5 {
		sees(t, w.ana, w.ops, fmt.Sprintf("first %d", i))
		sees(t, bob, room, fmt.Sprintf("second %d", i))
	}
	for _, c := range w.grafana.Calls("") {
		if !strings.Contains(c.Token, w.token) || strings.Contains(string(c.Body), "second") {
			t.Errorf("the first stack got %s with a token that is not its own, or the second's words", c.Method)
		}
	}
	for _, c := range other.Calls("") {
		if !strings.Contains(c.Token, otherToken) || strings.Contains(string(c.Body), "first") {
			t.Errorf("the second stack got %s with a token that is not its own, or the first's words", c.Method)
		}
	}
	if n, m := len(w.grafana.Incidents()), len(other.Incidents()); n != 5 || m != 5 {
		t.Errorf("%d and %d incidents, not 5 and 5", n, m)
	}
}

// TestSingleWorkspaceServesNoOther types in a workspace that has the app and no token here: the only stack is not its
// own.
func TestSingleWorkspaceServesNoOther(t *testing.T) {
	w := newWorld(t)
	other := w.slack.NewWorkspace("Other")
	bob := other.NewUser("bob")
	room := other.NewChannel("room", slacktest.WithBot())
	p := start(t, w.env())
	p.becomes(200, "ready")
	bob.Command(room, "/incident", "declare not yours")
	sees(t, bob, room, "not connected")
	if made := w.grafana.Incidents(); len(made) > 0 {
		t.Errorf("%+v", made)
	}
}

// TestStopFinishesWhatItTook sends a command, stops while Grafana is slow, and expects effect and answer.
func TestStopFinishesWhatItTook(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env())
	p.becomes(200, "ready")
	w.grafana.Fail("IncidentsService.CreateIncident", incidenttest.Fault{Delay: 500 * time.Millisecond, Times: 1})
	act := w.ana.Command(w.ops, "/incident", "declare slow one")
	if _, err := act.Acked(t.Context()); err != nil {
		t.Fatal(err)
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("exit %d", code)
	}
	sees(t, w.ana, w.ops, "slow one")
	if n := len(w.grafana.Incidents()); n != 1 {
		t.Errorf("%d incidents", n)
	}
}

// TestFatalEndsAreSentences ends the program from outside and reads what a person reads.
func TestFatalEndsAreSentences(t *testing.T) {
	t.Run("address in use", func(t *testing.T) {
		w := newWorld(t)
		taken, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = taken.Close() }()
		env := w.env()
		env["HTTP_ADDR"] = taken.Addr().String()
		p := start(t, env)
		p.ends(exitFailed, "is in use by another process")
		if n := len(w.slack.Calls("")); n > 0 {
			t.Errorf("Slack was called %d times", n)
		}
	})
	t.Run("Socket Mode switched off", func(t *testing.T) {
		w := newWorld(t)
		p := start(t, w.env())
		p.becomes(200, "ready")
		w.slack.Disconnect("link_disabled")
		p.ends(exitFailed, "Socket Mode")
	})
	t.Run("app token refused", func(t *testing.T) {
		w := newWorld(t)
		env := w.env()
		env["SLACK_APP_TOKEN"] = goodApp
		p := start(t, env)
		p.ends(exitFailed, "the app token (xapp-…) is wrong or revoked")
	})
	t.Run("bot token refused", func(t *testing.T) {
		w := newWorld(t)
		w.team.Kill("account_inactive")
		p := start(t, w.env())
		p.ends(exitFailed, "account_inactive")
	})
}

// ends waits for the end and checks that standard error holds one sentence.
func (p *program) ends(code int, words string) {
	p.t.Helper()
	if got := p.wait(); got != code {
		p.t.Errorf("exit %d, want %d", got, code)
	}
	text := p.stderr.String()
	if !strings.HasPrefix(text, "incident-bot: ") || strings.Count(text, "\n") != 1 || !strings.Contains(text, words) {
		p.t.Errorf("stderr is %q, want one line with %q", text, words)
	}
}
