package blocks

import "github.com/slack-go/slack"

// Message is what one Slack message shows. Text is complete without Blocks: notifications, lock screens and screen
// readers show nothing else.
type Message struct {
	Text   Mrkdwn
	Blocks []slack.Block
}

// Mrkdwn is text in Slack's markup in which everything foreign is escaped already. Textf makes it.
type Mrkdwn string
