package bot

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// at is when the frames of these tests were read.
func at() time.Time { return time.Date(2026, 11, 24, 14, 32, 5, 0, time.UTC) }

// envelopeFile reads a frame as Slack sends it.
func envelopeFile(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "envelopes", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// sameSecret compares what Secrets hold.
func sameSecret() cmp.Option {
	return cmp.Comparer(func(a, b Secret) bool { return a.Reveal() == b.Reveal() })
}

// trigger and response give the ways back with their ends.
func trigger(id string) Trigger {
	return Trigger{ID: NewSecret(id), Expires: at().Add(3 * time.Second)}
}

func response(url string) Response {
	return Response{URL: NewSecret(url), Expires: at().Add(30 * time.Minute)}
}

// acme is the installation of most frames.
func acme() Installation { return Installation{TeamID: "T0ACME01"} }

func ana() Actor { return Actor{UserID: "U0ANA001", TeamID: "T0ACME01", Name: "ana"} }

func ops() Place { return Place{ChannelID: "C0OPS001"} }

// form is the view of the frames that have one.
func form(id string) View {
	return View{
		ID: id, Hash: "1795509.abc", CallbackID: "declare", PrivateMetadata: `{"c":"C0OPS001"}`,
		Values: map[string]string{
			"title": "Checkout & cart return 500s 🔥", "severity": "critical", "drill": "", "labels": "team:payments,env:prod",
			"description": "", "who": "U1,U2", "when": "1795509000", "day": "2026-11-24", "odd": "", "two": "first",
		},
	}
}

// mention is what the frames of mentions have in common.
func mention(envelope, event string) Delivery {
	return Delivery{
		Kind: Mention, Key: "event:" + event, Twin: "message:C0OPS001/1795509612.000200", EnvelopeID: envelope,
		Installation: acme(), Actor: Actor{UserID: "U0ANA001", TeamID: "T0ACME01"},
		Place: Place{ChannelID: "C0OPS001", MessageTS: "1795509612.000200"}, Text: "<@U0BOT001> resolve #42 bad deploy",
	}
}

// with gives d changed.
func with(d Delivery, change func(*Delivery)) Delivery {
	change(&d)
	return d
}

func TestDecodeCommands(t *testing.T) {
	const trig = "6155.738474920.8088930838d88f008e0"
	full := Delivery{
		Kind: Command, EnvelopeID: "e1-1b2c", AcceptsPayload: true,
		Installation: acme(), Actor: ana(), Place: ops(), CommandName: "/incident",
		Text:    "declare checkout returns 500s &amp; worse sev:critical <@U0BOB001|bob>",
		Trigger: trigger(trig), Response: response("https://hooks.slack.com/commands/T0ACME01/6155/nQXrYn"),
	}
	key := func(text string) string {
		return "command:" + digest(trig, full.Actor.UserID, full.Place.ChannelID, full.CommandName, text)
	}
	full.Key = key(full.Text)
	check(t, map[string]Delivery{
		"command": full,
		"command_grid": with(full, func(d *Delivery) {
			d.EnvelopeID, d.Text, d.Key = "e2-1b2c", "", key("")
			d.Installation = Installation{TeamID: "T0GRID01", EnterpriseID: "E0GRID01", OrgWide: true}
			d.Actor.TeamID = "T0GRID01"
		}),
		"command_bare": with(full, func(d *Delivery) {
			d.EnvelopeID, d.Key = "e3-1b2c", "envelope:e3-1b2c"
			d.Text = "  \u202bمرحبا 🔥 note\u00a0“quoted”  "
			d.Trigger, d.Response = Trigger{}, Response{}
		}),
	})
}

func TestDecodeMentions(t *testing.T) {
	check(t, map[string]Delivery{
		"mention": mention("e5", "Ev0MENT01"),
		"mention_retry": with(mention("e6", "Ev0MENT01"), func(d *Delivery) {
			d.Attempt, d.Place.ThreadTS = 2, "1795509000.000100"
		}),
		"mention_edited": mention("e7", "Ev0MENT02"),
		// The top-level team is the other side of the shared channel; the authorisation is the installation.
		"mention_shared": with(mention("e9", "Ev0MENT04"), func(d *Delivery) {
			d.Place.Shared, d.Actor = true, Actor{UserID: "U0EVE001", TeamID: "T0OTHER1"}
		}),
		"mention_shared_org": with(mention("e10", "Ev0MENT05"), func(d *Delivery) {
			d.Place.Shared, d.Actor = true, Actor{UserID: "W0EVE001"}
		}),
		"mention_grid": with(mention("e11", "Ev0MENT06"), func(d *Delivery) {
			d.Installation = Installation{TeamID: "T0GRID01", EnterpriseID: "E0GRID01", OrgWide: true}
			d.Actor.TeamID = "T0GRID01"
		}),
	})
}

func TestDecodeDirectMessages(t *testing.T) {
	direct := with(mention("e14", "Ev0DIR001"), func(d *Delivery) {
		d.Text, d.Twin = "help", "message:D0ANA001/1795509700.000300"
		d.Place = Place{ChannelID: "D0ANA001", MessageTS: "1795509700.000300"}
	})
	check(t, map[string]Delivery{
		"direct": direct,
		// A mention of the bot inside a direct message, should Slack tell it as both kinds: the twin is the same.
		"direct_as_mention": with(direct, func(d *Delivery) { d.EnvelopeID, d.Key = "e15", "event:Ev0DIR002" }),
		"direct_with_file": with(direct, func(d *Delivery) {
			d.EnvelopeID, d.Key = "e16", "event:Ev0DIR003"
			d.Twin, d.Place.MessageTS = "message:D0ANA001/1795509701.000300", "1795509701.000300"
		}),
	})
}

func TestDecodeClicks(t *testing.T) {
	click := Delivery{
		Kind: Click, EnvelopeID: "e30", Installation: acme(), Actor: ana(),
		Key:     "click:" + digest("U0ANA001", "C0OPS001/1795509612.000400", "card", "resolve", "1795509800.123456"),
		Place:   Place{ChannelID: "C0OPS001", MessageTS: "1795509612.000400"},
		Action:  Action{ID: "resolve", BlockID: "card", Value: "42"},
		Trigger: trigger("7001.11.22"), Response: response("https://hooks.slack.com/actions/T0ACME01/7001/abc"),
	}
	check(t, map[string]Delivery{
		"click": click, // the card heads a thread: it is not inside one
		"click_in_thread": with(click, func(d *Delivery) {
			d.EnvelopeID, d.Place.MessageTS, d.Place.ThreadTS = "e31", "1795509620.000400", "1795509612.000400"
			d.Key = "click:" + digest("U0ANA001", "C0OPS001/1795509620.000400", "card", "resolve", "1795509800.123456")
		}),
		"click_ephemeral": with(click, func(d *Delivery) {
			d.EnvelopeID, d.Action = "e32", Action{ID: "severity", BlockID: "q", Value: "major"}
			d.Place = Place{ChannelID: "C0OPS001", MessageTS: "1795509621.000400", Ephemeral: true}
			d.Key = "click:" + digest("U0ANA001", "C0OPS001/1795509621.000400", "q", "severity", "1795509801.5")
			d.Response = response("https://hooks.slack.com/actions/T0ACME01/7002/abc")
		}),
		"click_checkboxes": with(click, func(d *Delivery) {
			d.EnvelopeID, d.Action = "e33", Action{ID: "tasks", BlockID: "tl", Selected: []string{"t1", "t3"}}
			d.Place = Place{ChannelID: "D0ANA001", MessageTS: "1795509622.000400"}
			d.Key = "click:" + digest("U0ANA001", "D0ANA001/1795509622.000400", "tl", "tasks", "1795509802.5")
			d.Response = Response{}
		}),
		"click_in_view": with(click, func(d *Delivery) {
			d.EnvelopeID, d.Action.ID, d.View, d.Place = "e34", "join", form("V0FORM01"), Place{}
			d.Key = "click:" + digest("U0ANA001", "V0FORM01", "card", "join", "1795509803.5")
			d.Response = Response{}
		}),
	})
}

func TestDecodeSubmissions(t *testing.T) {
	submission := Delivery{
		Kind: Submission, Key: "submission:V0FORM01", EnvelopeID: "e35", AcceptsPayload: true,
		Installation: acme(), Actor: ana(), View: form("V0FORM01"), Trigger: trigger("7001.11.22"),
	}
	check(t, map[string]Delivery{
		"submission": submission,
		// Opened from a Slack Connect channel by somebody of the other side: the view says whose app it is.
		"submission_connect": with(submission, func(d *Delivery) {
			d.EnvelopeID, d.Key, d.View.ID = "e36", "submission:V0FORM02", "V0FORM02"
			d.Actor.UserID, d.Actor.TeamID, d.Place.Shared = "U0EVE001", "T0OTHER1", true
		}),
		"submission_grid": with(submission, func(d *Delivery) {
			d.EnvelopeID, d.Key, d.View.ID = "e37", "submission:V0FORM03", "V0FORM03"
			d.Installation = Installation{TeamID: "T0GRID01", EnterpriseID: "E0GRID01", OrgWide: true}
			d.Actor.UserID, d.Actor.TeamID = "W0ANA001", "T0GRID01"
		}),
		"submission_grid_team": with(submission, func(d *Delivery) {
			d.EnvelopeID, d.Key = "e38", "submission:V0FORM04"
			d.View = View{ID: "V0FORM04", CallbackID: "declare"}
			d.Installation = Installation{TeamID: "T0GRID01", EnterpriseID: "E0GRID01"}
			d.Actor.TeamID, d.Place.Shared = "", true // an organisation's id says nothing about the person's workspace
		}),
	})
}

// check decodes files and compares with what they should become.
func check(t *testing.T, want map[string]Delivery) {
	t.Helper()
	for name, w := range want {
		t.Run(name, func(t *testing.T) {
			raw := envelopeFile(t, name)
			got, v, err := decode(raw, at())
			if err != nil || !v.accepted() {
				t.Fatalf("not accepted: %+v, %v", v, err)
			}
			w.Received = at()
			if diff := cmp.Diff(w, got, sameSecret()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDecodeLeavesAlone(t *testing.T) {
	for name, want := range map[string]struct {
		what string
		odd  bool
	}{
		"command_no_user":     {"command", true},
		"mention_edited_late": {"app_mention", false},
		"mention_by_bot":      {"app_mention", false},
		"mention_by_self":     {"app_mention", false},
		"direct_bot_message":  {"message", false},
		"direct_changed":      {"message", false},
		"message_in_channel":  {"message", false},
		"reaction":            {"reaction_added", false},
		"user_change":         {"user_change", false},
		"uninstalled":         {"app_uninstalled", false},
		"event_unknown":       {"telepathy_received", true},
		"rate_limited":        {"app_rate_limited", true},
		"view_closed":         {"view_closed", false},
		"suggestion":          {"block_suggestion", false},
		"shortcut":            {"shortcut", false},
		"message_action":      {"message_action", false},
		"interaction_unknown": {"mind_meld", true},
		"click_empty":         {"block_actions", true},
		"unknown_type":        {"carrier_pigeon", true},
		"payload_is_text":     {"carrier_pigeon", true},
	} {
		t.Run(name, func(t *testing.T) {
			d, v, err := decode(envelopeFile(t, name), at())
			if err != nil {
				t.Fatal(err)
			}
			if v.accepted() || v.what != want.what || v.odd != want.odd || v.why == "" {
				t.Errorf("got %+v, want %+v with a reason", v, want)
			}
			if d.Key != "" {
				t.Errorf("a delivery was made: %v", d.Key)
			}
		})
	}
}

func TestSuggestionsAreAnsweredWithNone(t *testing.T) {
	_, v, _ := decode(envelopeFile(t, "suggestion"), at())
	if v.answer != `{"options":[]}` {
		t.Errorf("answer %q", v.answer)
	}
}

func TestDecodeSurvivesLongAndStrangeText(t *testing.T) {
	long := strings.Repeat("🔥é\u202eא", 10_000) // 40,000 characters, the most a message holds
	raw := fmt.Sprintf(`{"envelope_id":"e","type":"slash_commands","payload":{"user_id":"U1","trigger_id":"t","text":%q}}`, long)
	d, v, err := decode([]byte(raw), at())
	if err != nil || !v.accepted() || d.Text != long {
		t.Errorf("accepted %v, err %v, %d bytes of %d", v, err, len(d.Text), len(long))
	}
}

func TestDecodeToleratesFieldsOfOtherTypes(t *testing.T) {
	raw := `{"envelope_id":"e","type":"interactive","retry_attempt":"two","accepts_response_payload":1,"payload":{
		"type":"block_actions","team":"T1","enterprise":[],"user":{"id":"U1","team_id":7},"channel":"C9","message":"gone",
		"is_enterprise_install":{"really":true},"view":null,"container":null,
		"actions":[{"action_id":"a","block_id":"b","value":{"deep":true},"selected_option":"x","selected_options":{"a":1},
		"action_ts":"1.5","selected_date_time":"soon"}]}}`
	d, v, err := decode([]byte(raw), at())
	if err != nil || !v.accepted() {
		t.Fatalf("%v, %v", v, err)
	}
	if d.Installation.TeamID != "T1" || d.Installation.OrgWide || d.Action.ID != "a" || d.Actor.UserID != "U1" {
		t.Errorf("got %+v", d)
	}
}

func TestDecodeRefusesWhatIsNoObject(t *testing.T) {
	for _, raw := range []string{``, `{`, `nonsense`, `[1]`, `"text"`, `7`, "\x00", `{"type":"hello"} trailing`} {
		if _, _, err := decode([]byte(raw), at()); err == nil {
			t.Errorf("%q was accepted", raw)
		}
	}
}
