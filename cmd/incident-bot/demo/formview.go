package demo

import (
	"encoding/json"
	"strings"

	"incident-bot/bot/blocks"
	"incident-bot/bot/slacktest"
)

// formBlock is a block of a form as it is drawn.
type formBlock struct {
	Type    string
	BlockID string `json:"block_id"`
	Text    struct{ Text blocks.Mrkdwn }
	Hint    struct{ Text string }
	Element struct {
		Placeholder struct{ Text string }
	}
	Elements []struct{ Text blocks.Mrkdwn }
}

// drawForm draws an open form: its inputs by the names under which they are filled in, what is entered, what can be, and
// what is wrong.
func drawForm(v *slacktest.View) []line {
	inputs := map[string]slacktest.Input{}
	for _, in := range v.Inputs() {
		inputs[in.BlockID] = in
	}
	var all []json.RawMessage
	_ = json.Unmarshal(v.Blocks, &all)
	lines := []line{framed("┌ ", bold, v.Title)}
	for _, raw := range all {
		var b formBlock
		_ = json.Unmarshal(raw, &b) // of an unknown shape: what can be read of it is shown
		if in, ok := inputs[b.BlockID]; ok {
			lines = append(lines, drawInput(in, b)...)
		} else {
			lines = append(lines, drawText(b)...)
		}
		if wrong := v.Errors[b.BlockID]; wrong != "" {
			lines = append(lines, framed("│   ", alarm, "✗ "+wrong))
		}
	}
	if v.Trouble != "" {
		lines = append(lines, framed("│ ", alarm, "✗ "+v.Trouble))
	}
	return append(lines, framed("└ ", faint, hint(v)))
}

// framed is a line of the frame around a form.
func framed(edge string, st style, t string) line {
	margin := strings.Repeat(" ", headMargin)
	hang := "│ " + strings.Repeat(" ", max(0, width(edge)-2)+2)
	if strings.HasPrefix(edge, "└") {
		hang = "    "
	}
	return line{first: margin + edge, hang: margin + hang, pieces: []piece{{text: clean(t), style: st}}}
}

// hint says how the form is used, with an input that is still to be filled in as the example.
func hint(v *slacktest.View) string {
	inputs := v.Inputs()
	if len(inputs) == 0 {
		return "submit · cancel"
	}
	one := inputs[0]
	for _, in := range inputs {
		if in.Value == "" && !in.Optional {
			one = in
			break
		}
	}
	return "type " + fieldName(one) + ": …, then submit; or cancel"
}

// fieldName is what one types to fill in an input: its label, up to the first mark in it.
func fieldName(in slacktest.Input) string {
	name, _ := labelParts(in)
	return strings.ToLower(name)
}

// labelParts takes a label apart into its name and what is explained after it: "What happened? Begin with …".
func labelParts(in slacktest.Input) (name, rest string) {
	at := strings.IndexAny(in.Label, "?.:;,(")
	if at <= 0 {
		return in.Label, ""
	}
	return strings.TrimSpace(in.Label[:at]), strings.TrimLeft(in.Label[at:], "?.:;, ")
}

// drawInput draws one input.
func drawInput(in slacktest.Input, b formBlock) []line {
	l := framed("│ ", bold, fieldName(in)+": ")
	value := strings.ReplaceAll(clean(in.Value), "\n", " ⏎ ")
	switch help := inputHelp(in, b); {
	case value != "":
		l.pieces = append(l.pieces, piece{text: value})
	case help != "":
		l.pieces = append(l.pieces, piece{text: "(" + help + ")", style: faint})
	}
	return []line{l}
}

// inputHelp says what may be entered.
func inputHelp(in slacktest.Input, b formBlock) string {
	var parts []string
	if in.Optional {
		parts = append(parts, "optional")
	}
	if _, rest := labelParts(in); rest != "" {
		parts = append(parts, strings.TrimRight(rest, ".)"))
	}
	if b.Hint.Text != "" {
		parts = append(parts, strings.TrimSuffix(b.Hint.Text, "."))
	}
	switch placeholder := b.Element.Placeholder.Text; {
	case in.Type == "checkboxes" && len(in.Options) == 1:
		parts = append(parts, "yes: "+in.Options[0])
	case len(in.Options) > 0:
		parts = append(parts, "one of: "+strings.Join(in.Options, ", "))
	case placeholder != "":
		parts = append(parts, "for example "+placeholder)
	}
	return clean(strings.Join(parts, "; "))
}

// drawText draws a block that is no input.
func drawText(b formBlock) []line {
	var lines []line
	texts := []blocks.Mrkdwn{b.Text.Text}
	for _, e := range b.Elements {
		texts = append(texts, e.Text)
	}
	for _, t := range texts {
		if t == "" {
			continue
		}
		for row := range strings.Lines(blocks.Plain(t)) {
			lines = append(lines, framed("│ ", plain, strings.TrimRight(row, "\n")))
		}
	}
	return lines
}
