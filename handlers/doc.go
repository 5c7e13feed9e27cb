// Package handlers is what people can say: one file a word, and one list of them all in routes.go.
//
// The rule of the package: a handler parses, calls and describes. It gets the stack of the delivery's own workspace and
// nothing of Slack; it gives a bot.Reply, a value. Sentences about failures are made in explain.go alone, views are pure
// functions of an incident and a time, and whatever came from outside goes through blocks.Textf or a plain-text block.
//
// Three words have a meaning of their own in what is shown: ✓ stands only where Grafana confirmed, ✗ where something did
// not happen, and a sentence without either changed nothing. Which incident is meant is never guessed: it is named, or
// it is the card's whose thread this is, or the person is asked with buttons.
//
// The API can write as the service account alone, so everything written to Grafana names who did it in Slack.
package handlers
