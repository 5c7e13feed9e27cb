package handlers

import (
	"strings"

	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
)

// button is what a view knows of one.
type button struct{ id, value, label string }

// question is a sentence with one button under it for each answer. more are paragraphs between them; empty ones are
// left out. Without buttons it is text alone.
func question(text blocks.Mrkdwn, buttons []button, more ...blocks.Mrkdwn) blocks.Message {
	labels := make([]blocks.Mrkdwn, len(buttons))
	for i, b := range buttons {
		labels[i] = blocks.Textf("[%s]", blocks.Cut(b.label, blocks.MaxButtonLabel))
	}
	shown := []slack.Block{blocks.Section(text)}
	for _, m := range more {
		if m != "" {
			shown = append(shown, blocks.Section(m))
		}
	}
	plain := blocks.Join("\n", append(append([]blocks.Mrkdwn{text}, more...), blocks.Join(" ", labels...))...)
	if len(buttons) == 0 && len(shown) == 1 {
		return blocks.NewMessage(plain)
	}
	return blocks.NewMessage(plain, append(shown, blocks.Actions("", elements(buttons)...))...)
}

// under puts a sentence above a message.
func under(text blocks.Mrkdwn, m blocks.Message) blocks.Message {
	return blocks.NewMessage(blocks.Join("\n", text, m.Text), append([]slack.Block{blocks.Section(text)}, m.Blocks...)...)
}

// elements makes Slack's buttons.
func elements(of []button) []slack.BlockElement {
	all := make([]slack.BlockElement, len(of))
	for i, b := range of {
		all[i] = blocks.Button(b.id, b.value, b.label)
	}
	return all
}

// readable shows words that a button runs as a person would type them.
func readable(words string) string {
	name, rest := grammar.First(words)
	text := grammar.Parse(strings.TrimPrefix(rest, another), grammar.Rules{}).Text
	return strings.TrimSpace(name + " " + blocks.Cut(text, 200))
}

// either gives the first text that is not empty.
func either(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
