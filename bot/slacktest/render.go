package slacktest

import (
	"strings"
	"time"
)

// Plain is the message as its reader sees it, in plain text and in the reader's time zone: the blocks where there are
// any, else the text; markup read, buttons as [Label], a select as [What ▾].
func (m Message) Plain() string { return m.PlainIn(m.zone()) }

// PlainIn is Plain in another time zone.
func (m Message) PlainIn(zone *time.Location) string {
	if m.Deleted {
		return ""
	}
	r := m.s.reader(zone)
	v, _ := parse(m.Blocks)
	list, _ := v.([]any)
	lines := r.blocks(list)
	if len(list) == 0 {
		lines = []string{r.mrkdwn(m.Text)}
	}
	att, _ := parse(m.Attachments)
	atts, _ := att.([]any)
	for _, a := range atts {
		o := asObj(a)
		inner := r.blocks(o.list("blocks"))
		if len(inner) == 0 {
			inner = nonEmpty(r.mrkdwn(o.str("pretext")), o.str("title"), r.mrkdwn(o.str("text")))
		}
		for _, line := range inner {
			lines = append(lines, "┃ "+strings.ReplaceAll(line, "\n", "\n┃ "))
		}
	}
	return strings.Join(lines, "\n")
}

// TextPlain is what a lock screen or a screen reader gives of the message: its text alone, markup read.
func (m Message) TextPlain() string { return m.s.reader(m.zone()).mrkdwn(m.Text) }

// Buttons lists the labels of the message's buttons, in order.
func (m Message) Buttons() []string {
	v, _ := parse(m.Blocks)
	list, _ := v.([]any)
	return labels(list, false)
}

// Choices lists the labels of all options of the message's selects, menus and check boxes, in order.
func (m Message) Choices() []string {
	v, _ := parse(m.Blocks)
	list, _ := v.([]any)
	return labels(list, true)
}

// Buttons lists the labels of the view's buttons, without submit and close.
func (v *View) Buttons() []string { return labels(v.raw.list("blocks"), false) }

func labels(blocks []any, options bool) []string {
	var out []string
	for _, b := range blocks {
		for _, e := range interactive(asObj(b)) {
			switch {
			case options:
				for _, o := range allOptions(e) {
					out = append(out, o.obj("text").str("text"))
				}
			case strings.HasSuffix(e.str("type"), "button"):
				out = append(out, e.obj("text").str("text"))
			}
		}
	}
	return out
}

// Plain is the modal as its person sees it: title, blocks, what is entered, errors under their inputs, the buttons.
func (v *View) Plain() string {
	r := v.s.reader(v.user.zone())
	lines := nonEmpty(v.Title)
	for _, b := range v.raw.list("blocks") {
		block := asObj(b)
		id := block.str("block_id")
		if block.str("type") == "input" {
			e := block.obj("element")
			lines = append(lines, r.input(block, v.inputs[id][e.str("action_id")]))
		} else {
			lines = append(lines, r.block(block)...)
		}
		if e := v.Errors[id]; e != "" {
			lines = append(lines, "  ✗ "+e)
		}
	}
	if v.Trouble != "" {
		lines = append(lines, "✗ "+v.Trouble)
	}
	var buttons []string
	for _, key := range []string{"submit", "close"} {
		if t := v.raw.obj(key).str("text"); t != "" {
			buttons = append(buttons, "["+t+"]")
		}
	}
	return strings.Join(append(lines, nonEmpty(strings.Join(buttons, " "))...), "\n")
}

// Inputs lists the modal's inputs by label, with block id, what is entered and the options there are.
func (v *View) Inputs() []Input {
	var out []Input
	for _, b := range v.raw.list("blocks") {
		block := asObj(b)
		if block.str("type") != "input" {
			continue
		}
		e := block.obj("element")
		in := Input{
			BlockID: block.str("block_id"), ActionID: e.str("action_id"), Type: e.str("type"),
			Label: block.obj("label").str("text"), Optional: block.bool("optional"),
			Value: stateText(v.inputs[block.str("block_id")][e.str("action_id")]),
		}
		for _, o := range allOptions(e) {
			in.Options = append(in.Options, o.obj("text").str("text"))
		}
		out = append(out, in)
	}
	return out
}

// Input is one input of a modal.
type Input struct {
	BlockID, ActionID, Type, Label string
	Optional                       bool
	Value                          string   // as Submit takes it
	Options                        []string // labels
}

// reader makes a reader that knows everybody's name.
func (s *Server) reader(zone *time.Location) reader {
	r := reader{zone: zone, names: map[string]string{}}
	if s == nil {
		return r
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r.now = s.opts.Now()
	for id, u := range s.users {
		r.names[id] = u.Name
	}
	for id, c := range s.channels {
		r.names[id] = c.Name
	}
	return r
}

func nonEmpty(lines ...string) []string {
	var out []string
	for _, l := range lines {
		if l != "" {
			out = append(out, l)
		}
	}
	return out
}
