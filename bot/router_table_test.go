package bot

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

func done(context.Context, *Request) (Reply, error) { return Reply{}, nil }

// routed is the least a router needs.
func routed(change func(*Routes)) Routes {
	r := Routes{Unknown: done, Explain: func(*Request, error) Reply { return Reply{} }}
	if change != nil {
		change(&r)
	}
	return r
}

func TestMistakesPanicAtStart(t *testing.T) {
	for want, change := range map[string]func(*Routes){
		`word "list" is registered twice`: func(r *Routes) {
			r.Words = []Word{{Name: "list", Run: done}, {Name: "show", Aliases: []string{"list"}, Run: done}}
		},
		`word "ls" is registered twice`: func(r *Routes) {
			r.Words = []Word{{Name: "list", Aliases: []string{"ls", "ls"}, Run: done}}
		},
		`word "list" does nothing`:          func(r *Routes) { r.Words = []Word{{Name: "list"}} },
		`a word without a name`:             func(r *Routes) { r.Words = []Word{{Run: done}} },
		`word "List" is not one word`:       func(r *Routes) { r.Words = []Word{{Name: "List", Run: done}} },
		`word "a b" is not one word`:        func(r *Routes) { r.Words = []Word{{Name: "list", Aliases: []string{"a b"}, Run: done}} },
		`button "b" is registered twice`:    func(r *Routes) { r.Buttons = []Button{{ID: "b", Run: done}, {ID: "b", Run: done}} },
		`button id "b~2" is reserved`:       func(r *Routes) { r.Buttons = []Button{{ID: "b~2", Run: done}} },
		`button id "link:b" is reserved`:    func(r *Routes) { r.Buttons = []Button{{ID: "link:b", Run: done}} },
		`form "f" is registered twice`:      func(r *Routes) { r.Submits = []Submit{{CallbackID: "f", Run: done}, {CallbackID: "f", Run: done}} },
		`form "f" does nothing`:             func(r *Routes) { r.Submits = []Submit{{CallbackID: "f"}} },
		`Routes needs Unknown and Explain`:  func(r *Routes) { r.Unknown = nil },
		`Routes needs Unknown and Explain `: func(r *Routes) { r.Explain = nil },
	} {
		func() {
			defer func() {
				if said := fmt.Sprint(recover()); !strings.Contains(said, strings.TrimSpace(want)) {
					t.Errorf("panicked with %q, want %q", said, want)
				}
			}()
			newTable(routed(change))
		}()
	}
}

func TestAButtonMayOnlyOpenAForm(t *testing.T) {
	newTable(routed(func(r *Routes) { r.Buttons = []Button{{ID: "b", Form: func(*Request) *Form { return nil }}} }))
}

func TestFind(t *testing.T) {
	table := newTable(routed(func(r *Routes) {
		r.Words = []Word{{Name: "severity", Aliases: []string{"sev"}, Run: done}, {Name: "list", Run: done}}
		r.Buttons = []Button{{ID: "card.note", Run: done}}
		r.Submits = []Submit{{CallbackID: "declare", Run: done}}
	}))
	for name, c := range map[string]struct {
		d          Delivery
		target     string // "" for none
		word, args string
	}{
		"word":             {Delivery{Kind: Command, Text: "list mine"}, "list", "list", "mine"},
		"alias":            {Delivery{Kind: Command, Text: " SEV: major"}, "severity", "severity", "major"},
		"unknown":          {Delivery{Kind: Command, Text: " lsit mine"}, "unknown", "", "lsit mine"},
		"nothing":          {Delivery{Kind: Command}, "unknown", "", ""},
		"mention":          {Delivery{Kind: Mention, Text: "<@UBOT> sev minor"}, "severity", "severity", "minor"},
		"mention, unknown": {Delivery{Kind: Mention, Text: "<@UBOT> good morning"}, "unknown", "", "good morning"},
		"direct message":   {Delivery{Kind: Mention, Text: "list", Place: Place{ChannelID: "D1"}}, "list", "list", ""},
		"click":            {Delivery{Kind: Click, Action: Action{ID: "card.note"}}, "button:card.note", "", ""},
		"click, second":    {Delivery{Kind: Click, Action: Action{ID: "card.note~2"}}, "button:card.note", "", ""},
		"click, unknown":   {Delivery{Kind: Click, Action: Action{ID: "card.old"}}, "", "", ""},
		"form":             {Delivery{Kind: Submission, View: View{CallbackID: "declare"}}, "form:declare", "", ""},
		"form, unknown":    {Delivery{Kind: Submission, View: View{CallbackID: "old"}}, "", "", ""},
	} {
		r := &Request{Delivery: c.d}
		found := table.find(r, "UBOT")
		if found == nil && c.target != "" || found != nil && found.name != c.target || r.Word != c.word || r.Args != c.args {
			t.Errorf("%s: %+v, word %q, args %q", name, found, r.Word, r.Args)
		}
	}
	r := &Request{Delivery: Delivery{Kind: Mention, Text: "sev <@U2>", Place: Place{ChannelID: "D1"}}}
	if table.find(r, ""); r.Args != "<@U2>" {
		t.Errorf("in a direct message nobody is taken out of the words: %q", r.Args)
	}
}
