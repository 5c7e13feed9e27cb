package bot

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
)

func TestPersonIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		people := g.ws.People()
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				who, err := people.Get(t.Context(), "T1", "U1")
				if err != nil || who.Name != "Ana" || who.Location.String() != "Europe/Berlin" || who.Guest || who.Stranger {
					t.Errorf("got %+v, %v", who, err)
				}
			})
		}
		group.Wait()
		if n := len(g.calls("users.info")); n != 1 {
			t.Errorf("asked %d times at once", n)
		}
		time.Sleep(personKept - time.Second)
		_, _ = people.Get(t.Context(), "T1", "U1")
		if n := len(g.calls("users.info")); n != 1 {
			t.Errorf("asked %d times within ten minutes", n)
		}
		time.Sleep(2 * time.Second)
		_, _ = people.Get(t.Context(), "T1", "U1")
		if n := len(g.calls("users.info")); n != 2 {
			t.Errorf("asked %d times after ten minutes", n)
		}
	})
}

func TestFailuresAreKeptShortly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.on("users.info", status(503))
		if _, err := g.ws.People().Get(t.Context(), "T1", "U1"); err == nil {
			t.Fatal("no error")
		}
		time.Sleep(20 * time.Second)
		if _, err := g.ws.People().Get(t.Context(), "T1", "U1"); faultOf(err).code != "http_503" {
			t.Errorf("within 30 s: %v", err)
		}
		time.Sleep(11 * time.Second)
		if _, err := g.ws.People().Get(t.Context(), "T1", "U1"); err != nil {
			t.Errorf("after 30 s: %v", err)
		}
	})
}

// TestNobodyEndsAnotherOnesWaiting: the one who asked first may give up without the others losing the answer.
func TestNobodyEndsAnotherOnesWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		slow := make(chan struct{})
		usual := g.usual(webCall{Method: "users.info", Args: map[string]any{"user": "U1"}}, 0)
		g.on("users.info", func(r *http.Request, c webCall) (int, http.Header, string, error) {
			<-slow
			return usual(r, c)
		})
		short, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := g.ws.People().Get(short, "T1", "U1"); !errors.Is(err, context.Canceled) {
				t.Errorf("gave up, yet %v", err)
			}
		})
		synctest.Wait()
		group.Go(func() {
			if who, err := g.ws.People().Get(t.Context(), "T1", "U1"); err != nil || who.Name != "Ana" {
				t.Errorf("waited, yet %+v, %v", who, err)
			}
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(slow)
		group.Wait()
	})
}

func TestWorkspacesDoNotShareTheirPeople(t *testing.T) {
	w := newWeb(t)
	byToken(w, map[string]string{"xoxb-1": teamIs("T1"), "xoxb-2": teamIs("T2")})
	ws := spaces(w, &logBuffer{}, credentials("T1", "xoxb-1"), credentials("T2", "xoxb-2"))
	if err := ws.Resolve(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"T1", "T2"} {
		if _, err := ws.People().Get(t.Context(), id, "U1"); err != nil {
			t.Fatal(err)
		}
	}
	calls := w.calls("users.info")
	if len(calls) != 2 || calls[0].Token != "xoxb-1" || calls[1].Token != "xoxb-2" {
		t.Errorf("calls %+v", calls)
	}
	if _, err := ws.People().Get(t.Context(), "T3", "U1"); !errors.Is(err, errNotConnected) {
		t.Errorf("a workspace without a token: %v", err)
	}
}

func TestProfiles(t *testing.T) {
	home := &identity{id: "T1", team: "T1"}
	grid := &identity{id: "T1", team: "T1", enterprise: "E1"}
	org := &identity{id: "E1", enterprise: "E1", orgWide: true}
	inE1 := slack.EnterpriseUser{EnterpriseID: "E1"}
	for name, c := range map[string]struct {
		user                 slack.User
		home                 *identity
		guest, stranger, bot bool
	}{
		"member":                     {slack.User{TeamID: "T1"}, home, false, false, false},
		"guest":                      {slack.User{TeamID: "T1", IsRestricted: true}, home, true, false, false},
		"single-channel guest":       {slack.User{TeamID: "T1", IsRestricted: true, IsUltraRestricted: true}, home, true, false, false},
		"stranger by flag":           {slack.User{TeamID: "T1", IsStranger: true}, home, false, true, false},
		"stranger by team":           {slack.User{TeamID: "T2"}, home, false, true, false},
		"bot":                        {slack.User{TeamID: "T1", IsBot: true}, home, false, false, true},
		"slackbot":                   {slack.User{ID: "USLACKBOT", TeamID: "T1"}, home, false, false, true},
		"home unknown":               {slack.User{TeamID: "T1"}, nil, false, true, false},
		"grid, other home team":      {slack.User{TeamID: "T7", Enterprise: slack.EnterpriseUser{EnterpriseID: "E1", Teams: []string{"T7", "T1"}}}, grid, false, false, false},
		"grid, not in this team":     {slack.User{TeamID: "T7", Enterprise: slack.EnterpriseUser{EnterpriseID: "E1", Teams: []string{"T7"}}}, grid, false, true, false},
		"grid, team is the org":      {slack.User{TeamID: "E1"}, grid, false, false, false},
		"grid, another org":          {slack.User{TeamID: "T7", Enterprise: slack.EnterpriseUser{EnterpriseID: "E2", Teams: []string{"T1"}}}, grid, false, true, false},
		"org-wide, member":           {slack.User{TeamID: "T7", Enterprise: inE1}, org, false, false, false},
		"org-wide, another org":      {slack.User{TeamID: "T7", Enterprise: slack.EnterpriseUser{EnterpriseID: "E2"}}, org, false, true, false},
		"org-wide, no org named":     {slack.User{TeamID: "T7"}, org, false, true, false},
		"org-wide, guest":            {slack.User{TeamID: "T7", Enterprise: inE1, IsRestricted: true}, org, true, false, false},
		"org-wide, stranger by flag": {slack.User{TeamID: "T7", Enterprise: inE1, IsStranger: true}, org, false, true, false},
	} {
		got := profileOf(&c.user, c.home)
		if got.Guest != c.guest || got.Stranger != c.stranger || got.Bot != c.bot {
			t.Errorf("%s: %+v", name, got.Person)
		}
	}
}

func TestNamesAndZones(t *testing.T) {
	for name, c := range map[string]struct {
		user       slack.User
		name, zone string
	}{
		"display name": {slack.User{Name: "ana1", RealName: "Ana Real", TZ: "Asia/Tokyo", Profile: slack.UserProfile{DisplayName: "Ana"}}, "Ana", "Asia/Tokyo"},
		"real name":    {slack.User{Name: "ana1", RealName: "Ana Real"}, "Ana Real", "UTC"},
		"handle":       {slack.User{Name: "ana1", TZ: "Nowhere/City", TZLabel: "Nowhere Time", TZOffset: 3600}, "ana1", "Nowhere Time"},
	} {
		got := profileOf(&c.user, nil)
		if got.Name != c.name || got.Location.String() != c.zone {
			t.Errorf("%s: %q, %s", name, got.Name, got.Location)
		}
	}
}
