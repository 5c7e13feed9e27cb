package handlers

import (
	"strings"

	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
)

// button is what a view knows of one.
type button struct{ id, value, label string }

// question is a sentence with one button under it for each answer.
func question(text blocks.Mrkdwn, buttons []button) blocks.Message {
	elements := make([]slack.BlockElement, len(buttons))
	labels := make([]blocks.Mrkdwn, len(buttons))
	for i, b := range buttons {
		elements[i] = blocks.Button(b.id, b.value, blocks.Cut(b.label, 75))
		labels[i] = blocks.Textf("[%s]", blocks.Cut(b.label, 75))
	}
	plain := blocks.Join("\n", text, blocks.Join(" ", labels...))
	return blocks.NewMessage(plain, blocks.Section(text), blocks.Actions("", elements...))
}

// readable shows words that a button runs as a person would type them.
func readable(words string) string {
	name, rest := grammar.First(words)
	text := grammar.Parse(rest, grammar.Rules{}).Text
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
