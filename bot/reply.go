package bot

import (
	"time"

	"incident-bot/bot/blocks"
)

// Reply is what a handler wants Slack to show, as values. It is carried out in this order: Run, Answer, Posts, Edits.
type Reply struct {
	// Answer goes to the person who acted.
	Answer *Answer
	// Posts are messages for everybody in a channel.
	Posts []Post
	// Edits change messages that were posted before.
	Edits []Edit
	// Run, if not "", is words to be run in place of what was said, by the same person in the same place, with the
	// same authorisation and grammar as if typed.
	Run string
}

// Answer is what the person who acted reads: privately after a command or click, in the thread of a mention, by direct
// message where there is no other way.
type Answer struct {
	blocks.Message
	// Replace puts the answer in the place of the clicked message (a question's buttons, a page of a list).
	Replace bool
	// Label is remembered for the answer if it is a lasting message, as in Post.
	Label string
}

// Post is one message to a channel.
type Post struct {
	blocks.Message
	Channel string // "" is the channel of the request
	Thread  string // "" is no thread
	// Label names what the message shows ("incident/42"), so that Edit and Labels find it again.
	Label string
}

// Edit puts Message in the place of every message known under Label, and of the clicked one when it carries it.
type Edit struct {
	blocks.Message
	Label string
	// Clicked says that the clicked message shows Label too, whatever is remembered.
	Clicked bool
	// At is when what Message shows became so: of two edits of a message within seconds, the one that shows the older
	// state is left out, whichever comes last. Zero is newer than anything.
	At time.Time
}
