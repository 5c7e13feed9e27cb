package handlers

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
)

// help says what can be said: all of it, or one word.
func (d *desk) help(_ context.Context, r *bot.Request) (bot.Reply, error) {
	about, _ := grammar.First(r.Args)
	if about == "" || r.Kind == bot.Click {
		return answer(d.helpAll(r)), nil
	}
	if w, ok := d.word(about); ok {
		return answer(d.helpWord(r, w)), nil
	}
	if near, ok := grammar.Nearest(about, d.names()); ok {
		text := blocks.Textf("There is no word %q. Did you mean *%s*?", blocks.Cut(about, 50), near)
		return answer(question(text, d.choices(r, []choice{{"Help: " + near, "help " + near}}))), nil
	}
	return answer(d.helpAll(r)), nil
}

// helpAll lists the words with their usage.
func (d *desk) helpAll(r *bot.Request) blocks.Message {
	lines := []blocks.Mrkdwn{blocks.Textf("*What you can say*, as `%s …` or `@incident-bot …` (in threads too):", d.Command)}
	for _, w := range d.words {
		lines = append(lines, blocks.Textf("`%s` — %s", w.Usage, w.Summary))
	}
	tail := blocks.Textf("An incident is named by `42`, `#42` or its Grafana address; in the thread of its card it can be left out. `%s help WORD` tells more. Version %s.",
		d.command(r), either(d.Version, "unknown"))
	shown := make([]slack.Block, 0, len(lines)+2)
	shown = append(shown, blocks.Section(lines[0]), blocks.Section(blocks.Join("\n", lines[1:]...)), blocks.Context(tail),
		blocks.Actions("", blocks.Button(buttonDeclare, "", "Declare an incident")))
	return blocks.NewMessage(blocks.Join("\n", append(lines, tail)...), shown...)
}

// helpWord tells all about one word.
func (d *desk) helpWord(r *bot.Request, w bot.Word) blocks.Message {
	lines := []blocks.Mrkdwn{blocks.Textf("`%s %s` — %s.", d.command(r), w.Usage, w.Summary)}
	if len(w.Aliases) > 0 {
		lines = append(lines, blocks.Textf("The same: %s.", strings.Join(w.Aliases, ", ")))
	}
	for _, example := range w.Examples {
		lines = append(lines, blocks.Textf("For example: `%s %s`", d.command(r), example))
	}
	if w.Access == bot.Act {
		lines = append(lines, "Guests and people of other workspaces cannot use it.")
	}
	text := blocks.Join("\n", lines...)
	return blocks.NewMessage(text, blocks.Section(text))
}

// names are all words and aliases.
func (d *desk) names() []string {
	var names []string
	for _, w := range d.words {
		names = append(append(names, w.Name), w.Aliases...)
	}
	return names
}
