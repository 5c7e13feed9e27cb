// Package handlers is what people can say: one file a word, and one list of them all in routes.go.
//
// The rule of the package: a handler parses, calls and describes. It gets the stack of the delivery's own workspace and
// nothing of Slack; it gives a bot.Reply, a value. Sentences about failures are made in explain.go alone, views are pure
// functions of an incident and a time, and whatever came from outside goes through blocks.Textf or a plain-text block.
//
// Two marks have a meaning of their own in what is shown: ✓ stands only where Grafana confirmed, ✗ where something did
// not happen or may not have, and a sentence without either changed nothing. What was typed is never lost with a failure:
// words can be run again by a button, and the text of a form comes back in the answer.
//
// Which incident is meant is never guessed: it is named, or it is the card's in whose thread this is said, or the person
// is asked with buttons. A card says nothing that becomes wrong by waiting, and nobody is alerted by what they did
// themselves.
//
// The API can write as the service account alone, so everything written to Grafana names who did it in Slack.
//
// What has to be remembered for a while (offers behind buttons, threads that began with a mention) is in memory, bounded,
// and bound to the workspace and the person. It is kept beyond the process too; where that is lost, the person is asked
// once more.
package handlers
