package handlers_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"incident-bot/bot"
	"incident-bot/bot/slacktest"
	"incident-bot/handlers"
	"incident-bot/incident"
	"incident-bot/incident/incidenttest"
)

var update = flag.Bool("update", false, "write the storybook in place of comparing it")

// TestConversations plays testdata/conversations/*.txtar: people in front of the simulated Slack, the real bot, and the
// simulated stack behind it. In a file, each section is a conversation of its own. A line is one of:
//
//	ana /incident WORDS          a command, in #ops; "ana in #random /incident WORDS" elsewhere
//	ana @bot WORDS               a mention; "ana in thread of 42 @bot WORDS" in the thread of a card
//	ana says TEXT                a message to nobody
//	ana clicks LABEL [on 42]     a button, on the newest message that has it
//	ana submits [a=b; c=d]       the open form, filled in
//	grafana|slack fails METHOD KEY=VALUE…    the next calls fail; KEYs are the fields of Fault in lower case
//	grafana down|up|asleep|uninstalled|heals, slack heals|slow
//	> ana sees TEXT              what is new for ana since the last act; it waits
//	> ana does not see TEXT
//	> ana sees a form with TEXT / > ana sees no form
//	> grafana 42 has TEXT        severity, status, notes and updates of an incident
//	> grafana has N incidents
//	> grafana heard METHOD N     how often a method was called in this conversation
//	> TEXT alerts nobody         no message with it would alert a channel
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range archive.Files {
			name := strings.TrimSuffix(filepath.Base(file), ".txtar") + "/" + section.Name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				newStage(t).play(string(section.Data))
			})
		}
	}
}

// patience is how long something that is expected may take; it is only used up when a conversation fails.
const patience = 30 * time.Second

// stage is one workspace, one stack and the bot between them.
type stage struct {
	t        *testing.T
	slack    *slacktest.Server
	team     *slacktest.Workspace
	grafana  *incidenttest.Server
	people   map[string]*slacktest.User
	channels map[string]*slacktest.Channel
	before   map[string]bool // what was there before the last act, by person, message and content
	line     int
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, slack: slacktest.New(slacktest.Options{}), grafana: incidenttest.New(incidenttest.Options{})}
	t.Cleanup(s.slack.Close)
	t.Cleanup(s.grafana.Close)
	s.grafana.Seed()
	s.team = s.slack.NewWorkspace("Acme")
	other := s.slack.NewWorkspace("Partner")
	s.people = map[string]*slacktest.User{
		"ana": s.team.NewUser("ana", slacktest.TZ("Europe/Berlin")),
		"ben": s.team.NewUser("ben", slacktest.TZ("America/New_York")),
		"gus": s.team.NewUser("gus", slacktest.Guest()),
		"eve": s.team.NewUser("eve", slacktest.Stranger()),
	}
	s.channels = map[string]*slacktest.Channel{
		"#ops":    s.team.NewChannel("ops"),
		"#random": s.team.NewChannel("random", slacktest.WithoutBot()),
		"#secret": s.team.NewChannel("secret", slacktest.Private(), slacktest.WithoutBot()),
		"#shared": s.team.NewChannel("shared", slacktest.SharedWith(other)),
	}
	s.channels["#secret"].Invite(s.people["ana"].ID)
	s.run()
	return s
}

// run runs the bot until the test ends.
func (s *stage) run() {
	s.t.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 4 * time.Second // so that a stack that hangs does not take ten seconds
	s.t.Cleanup(transport.CloseIdleConnections)
	stack, err := incident.New(incident.Config{URL: s.grafana.URL(), Token: bot.NewSecret(s.grafana.NewToken(incidenttest.Editor)), HTTP: &http.Client{Transport: transport}})
	if err != nil {
		s.t.Fatal(err)
	}
	stack.Warm(s.t.Context())
	one, err := bot.New(bot.Options{
		AppToken: bot.NewSecret(s.slack.AppToken()), APIURL: s.slack.APIURL(), Sockets: 1,
		Workspaces: []bot.Credentials{{BotToken: bot.NewSecret(s.team.BotToken)}},
		Routes: func(b *bot.Bot) bot.Routes {
			return handlers.New(handlers.Config{
				Stack:  func(workspace string) (handlers.Stack, bool) { return stack, workspace == s.team.TeamID },
				Labels: b.Labels(), Command: "/incident", Version: "test",
			})
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- one.Run(ctx) }()
	s.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			s.t.Errorf("the bot ended with: %v", err)
		}
		for _, v := range s.slack.Violations() {
			s.t.Errorf("Slack would frown: %s", v)
		}
	})
	wait, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.slack.WaitSocket(wait, 1); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) fatalf(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("line %d: %s\n%s", s.line, fmt.Sprintf(format, args...), s.everything())
}

// everything is what ana sees, for whoever has to find out why.
func (s *stage) everything() string {
	var b strings.Builder
	for name, ch := range s.channels {
		for _, m := range s.people["ana"].Sees(ch) {
			fmt.Fprintf(&b, "--- %s %s\n%s\n", name, m.TS, m.Plain())
		}
	}
	return b.String()
}

func (s *stage) play(script string) {
	for n, text := range strings.Split(script, "\n") {
		s.line = n + 1
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if rest, ok := strings.CutPrefix(text, "> "); ok {
			s.expect(rest)
			continue
		}
		s.act(text)
	}
}

// act does one line of a person, of Grafana or of Slack.
func (s *stage) act(text string) {
	who, rest, _ := strings.Cut(text, " ")
	switch who {
	case "grafana":
		s.trouble(rest)
		return
	case "slack":
		s.troubleSlack(rest)
		return
	}
	u := s.people[who]
	if u == nil {
		s.fatalf("who is %q?", who)
	}
	s.before = s.now()
	place, thread, rest := s.where(u, rest)
	verb, args, _ := strings.Cut(rest, " ")
	var a *slacktest.Act
	switch verb {
	case "/incident":
		a = u.Command(place, verb, args)
	case "@bot":
		a = u.Mention(place, thread, args)
	case "says":
		u.Say(place, thread, args)
		return
	case "clicks":
		a = s.click(u, args)
	case "submits":
		a = u.Submit(values(args))
	default:
		s.fatalf("what is %q?", verb)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := a.Acked(ctx); err != nil {
		s.fatalf("%s: %v", text, err)
	}
}

// where takes "in #random" or "in thread of 42" off the beginning of a line.
func (s *stage) where(u *slacktest.User, text string) (ch *slacktest.Channel, thread, rest string) {
	ch = s.channels["#ops"]
	after, ok := strings.CutPrefix(text, "in ")
	if !ok {
		return ch, "", text
	}
	if of, ok := strings.CutPrefix(after, "thread of "); ok {
		id, rest, _ := strings.Cut(of, " ")
		m, ok := s.find(u, "Note", id)
		if !ok {
			s.fatalf("there is no card of %s", id)
		}
		return ch, m.TS, rest
	}
	name, rest, _ := strings.Cut(after, " ")
	if name == "dm" {
		return s.team.DM(u), "", rest
	}
	if s.channels[name] == nil {
		s.fatalf("where is %q?", name)
	}
	return s.channels[name], "", rest
}

// click clicks a button on the newest message that has it.
func (s *stage) click(u *slacktest.User, args string) *slacktest.Act {
	label, id, _ := strings.Cut(args, " on ")
	if m, ok := s.find(u, label, id); ok {
		return u.Click(m, s.button(m, label))
	}
	s.fatalf("no message has the button %q", label)
	return nil
}

func (s *stage) button(m slacktest.Message, label string) string {
	for _, b := range m.Buttons() {
		if strings.HasPrefix(b, label) {
			return b
		}
	}
	return ""
}

func (s *stage) find(u *slacktest.User, label, id string) (slacktest.Message, bool) {
	var newest slacktest.Message
	for _, ch := range s.places(u) {
		for _, m := range u.Sees(ch) {
			about := id == "" || strings.Contains(m.Plain()+" ", "#"+id+" ")
			if !m.Deleted && about && s.button(m, label) != "" && m.TS > newest.TS {
				newest = m
			}
		}
	}
	return newest, newest.TS != ""
}

func (s *stage) places(u *slacktest.User) []*slacktest.Channel {
	all := []*slacktest.Channel{s.team.DM(u)}
	for _, ch := range s.channels {
		all = append(all, ch)
	}
	return all
}

// values reads "title=checkout is down; severity=Major".
func values(args string) map[string]string {
	fields := map[string]string{}
	for field := range strings.SplitSeq(args, ";") {
		if name, value, ok := strings.Cut(field, "="); ok {
			fields[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return fields
}

// now is everything that everybody sees.
func (s *stage) now() map[string]bool {
	all := map[string]bool{}
	for name, u := range s.people {
		for _, ch := range s.places(u) {
			for _, m := range u.Sees(ch) {
				all[key(name, m)] = true
			}
		}
	}
	return all
}

func key(who string, m slacktest.Message) string { return who + m.Channel + m.TS + m.Plain() }

// news is what is new or changed for a person, on one line, without what people said themselves.
func (s *stage) news(who string) string {
	var parts []string
	u := s.people[who]
	for _, ch := range s.places(u) {
		for _, m := range u.Sees(ch) {
			if !m.Deleted && !s.before[key(who, m)] && !slices.ContainsFunc(s.humans(), func(id string) bool { return id == m.User }) {
				parts = append(parts, m.Plain())
			}
		}
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ⏎ ")), " ")
}

func (s *stage) humans() []string {
	ids := make([]string, 0, len(s.people))
	for _, u := range s.people {
		ids = append(ids, u.ID)
	}
	return ids
}

func (s *stage) await(ok func() bool) bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.slack.Await(ctx, ok) == nil
}

// expect checks one line that begins with >.
func (s *stage) expect(text string) {
	who, rest, _ := strings.Cut(text, " ")
	switch {
	case who == "grafana":
		s.expectGrafana(rest)
	case strings.HasSuffix(text, " alerts nobody"):
		s.inert(strings.TrimSuffix(text, " alerts nobody"))
	case strings.HasPrefix(rest, "sees no form"):
		if !s.await(func() bool { return s.people[who].View() == nil }) {
			s.fatalf("the form is still open")
		}
	case strings.HasPrefix(rest, "sees a form with "):
		s.expectForm(who, strings.TrimPrefix(rest, "sees a form with "))
	case strings.HasPrefix(rest, "sees "):
		want := strings.TrimPrefix(rest, "sees ")
		if !s.await(func() bool { return strings.Contains(s.news(who), want) }) {
			s.fatalf("%s does not see %q, but\n%s", who, want, s.news(who))
		}
	case strings.HasPrefix(rest, "does not see "):
		if not := strings.TrimPrefix(rest, "does not see "); strings.Contains(s.news(who), not) {
			s.fatalf("%s sees %q:\n%s", who, not, s.news(who))
		}
	default:
		s.fatalf("what is %q?", text)
	}
}

func (s *stage) expectForm(who, want string) {
	shown := func() string {
		if v := s.people[who].View(); v != nil {
			return strings.Join(strings.Fields(v.Plain()), " ")
		}
		return "no form"
	}
	if !s.await(func() bool { return strings.Contains(shown(), want) }) {
		s.fatalf("the form has no %q:\n%s", want, shown())
	}
}

// inert fails when a message with the text would alert more than the people it names.
func (s *stage) inert(text string) {
	for _, ch := range s.channels {
		for _, m := range ch.Messages() {
			if strings.Contains(m.Plain(), text) && m.BotID != "" && len(m.Notifies) > 0 {
				s.fatalf("%q alerts %v", m.Plain(), m.Notifies)
			}
		}
	}
}

// expectGrafana checks the stack.
func (s *stage) expectGrafana(text string) {
	words := strings.Fields(text)
	switch {
	case len(words) == 3 && words[0] == "heard":
		if got := strconv.Itoa(len(s.grafana.Calls(words[1]))); got != words[2] {
			s.fatalf("%s was called %s times", words[1], got)
		}
	case len(words) == 3 && words[0] == "has" && words[2] == "incidents":
		if got := strconv.Itoa(len(s.grafana.Incidents())); got != words[1] {
			s.fatalf("the stack has %s incidents", got)
		}
	default:
		id, want, ok := strings.Cut(text, " has ")
		if !ok {
			s.fatalf("what is %q?", text)
		}
		if !s.await(func() bool { return strings.Contains(s.story(id), want) }) {
			s.fatalf("incident %s has no %q:\n%s", id, want, s.story(id))
		}
	}
}

// story is an incident on one line.
func (s *stage) story(id string) string {
	i, ok := s.grafana.Incident(id)
	if !ok {
		return "no such incident"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "title %s, severity %s, status %s, drill %t", i.Title, i.Severity, i.Status, i.IsDrill)
	for _, l := range i.Labels {
		fmt.Fprintf(&b, ", label %s=%s", l.Key, l.Label)
	}
	for _, a := range i.Activity {
		fmt.Fprintf(&b, ", %s at %s: %s", a.ActivityKind, a.EventTime, a.Body)
	}
	for _, u := range i.KeyUpdates {
		fmt.Fprintf(&b, ", update: %s", u.Content)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// trouble makes the stack behave as a line says.
func (s *stage) trouble(text string) {
	switch verb, rest, _ := strings.Cut(text, " "); verb {
	case "down":
		s.grafana.Down(true)
	case "asleep":
		s.grafana.Sleep(true)
	case "uninstalled":
		s.grafana.Uninstall(true)
	case "up", "heals":
		s.grafana.Down(false)
		s.grafana.Sleep(false)
		s.grafana.Uninstall(false)
		s.grafana.Heal()
	case "fails":
		method, rest, _ := strings.Cut(rest, " ")
		if method == "all" {
			method = ""
		}
		f := incidenttest.Fault{Times: 1}
		for name, value := range s.settings(rest) {
			s.fault(&f, name, value)
		}
		s.grafana.Fail(method, f)
	default:
		s.fatalf("what is %q?", text)
	}
}

func (s *stage) fault(f *incidenttest.Fault, name, value string) {
	switch name {
	case "status":
		f.Status, _ = strconv.Atoi(value)
	case "body":
		f.Body, f.ContentType = value, "application/json"
	case "times":
		f.Times, _ = strconv.Atoi(value)
	case "retryafter":
		f.RetryAfter, _ = time.ParseDuration(value)
	case "inband":
		f.InBand = value
	case "html":
		f.HTML = true
	case "hang":
		f.Hang = true
	case "resetbefore":
		f.ResetBefore = true
	case "resetafter":
		f.ResetAfter = true
	case "truncate":
		f.Truncate = true
	case "redirect":
		f.Redirect = value
	default:
		s.fatalf("what is the fault %q?", name)
	}
}

// settings reads "status=401 body={"a":"b c"}": the last value may hold spaces.
func (s *stage) settings(text string) map[string]string {
	all, last := map[string]string{}, ""
	for part := range strings.SplitSeq(text, " ") {
		name, value, ok := strings.Cut(part, "=")
		switch {
		case last == "body" || last == "inband":
			all[last] += " " + part
		case !ok && part != "":
			all[part] = "yes"
		case ok:
			all[name], last = value, name
		}
	}
	return all
}

// troubleSlack makes Slack behave as a line says.
func (s *stage) troubleSlack(text string) {
	verb, rest, _ := strings.Cut(text, " ")
	switch verb {
	case "heals":
		s.slack.Heal()
	case "fails":
		method, rest, _ := strings.Cut(rest, " ")
		var f slacktest.Fault
		for name, value := range s.settings(rest) {
			switch name {
			case "error":
				f.Error = value
			case "needed":
				f.Needed = value
			case "status":
				f.Status, _ = strconv.Atoi(value)
			case "body":
				f.Body = value
			case "times":
				f.Times, _ = strconv.Atoi(value)
			case "retryafter":
				f.RetryAfter, _ = time.ParseDuration(value)
			case "reset":
				f.Reset = true
			default:
				s.fatalf("what is the fault %q?", name)
			}
		}
		s.slack.Fail(method, f)
	default:
		s.fatalf("what is %q?", text)
	}
}

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(m.Run())
}
