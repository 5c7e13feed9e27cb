package chaos

import "testing"

// TestJudge shows the keeper each fault, and what is none.
func TestJudge(t *testing.T) {
	const (
		yes    = "✓ Declared #9 basket w0001 is slow\nseverity Pending, open in Grafana"
		wait   = "⏳ Grafana cannot be reached: this waits."
		no     = "✗ Nothing was declared: the Grafana stack cannot be reached. Please try again in a minute. ref abc"
		maybe  = "✗ I cannot tell whether it was declared: it took too long. Look before you declare it again. ref abc"
		ask    = "Which incident do you mean? Nothing was done yet."
		partly = "✓ Declared #9 basket\n✗ I could not set its severity to Major. Try /incident severity #9 Major."
	)
	one, two, none := []string{"9"}, []string{"9", "10"}, []string(nil)
	for _, c := range []struct {
		name     string
		accepted bool
		effects  []string
		own      string
		told     []string
		want     faults
	}{
		{"as it should be", true, one, "", []string{yes}, faults{}},
		{"it waited", true, one, "", []string{wait, yes}, faults{}},
		{"partly", true, one, "", []string{partly}, faults{}},
		{"it was refused", true, none, "", []string{no}, faults{}},
		{"nobody knows", true, none, "", []string{maybe}, faults{}},
		{"nobody knows, and it is there", true, one, "", []string{maybe}, faults{}},
		{"gone without a word", true, none, "", nil, faults{lost: true, unanswered: true}},
		{"still waiting", true, none, "", []string{wait}, faults{lost: true, unanswered: true}},
		{"asked back", true, none, "", []string{ask}, faults{lost: true, unanswered: true}},
		{"done in silence", true, one, "", nil, faults{unanswered: true}},
		{"twice", true, two, "", []string{yes}, faults{doubled: true}},
		{"twice, both told", true, two, "", []string{yes, "✓ Declared #10 basket"}, faults{doubled: true}},
		{"a lie", true, none, "", []string{yes}, faults{lost: true, untrue: true}},
		{"denied and done", true, one, "", []string{no}, faults{untrue: true}},
		{"denied, then done", true, one, "", []string{no, yes}, faults{untrue: true}},
		{"another's number", true, []string{"8"}, "", []string{yes}, faults{untrue: true}},
		{"no number", true, one, "", []string{"✓ Declared."}, faults{untrue: true}},
		{"a note elsewhere", true, one, "8", []string{"✓ Noted on #9"}, faults{untrue: true}},
		{"a note where it belongs", true, one, "9", []string{"✓ Noted on #9."}, faults{}},
		{"not accepted", false, none, "", nil, faults{}},
		{"not accepted, done", false, one, "", nil, faults{}},
		{"not accepted, twice", false, two, "", nil, faults{doubled: true}},
		{"not accepted, a lie", false, none, "", []string{yes}, faults{untrue: true}},
	} {
		if got := judged(c.accepted, c.effects, c.own, c.told); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
