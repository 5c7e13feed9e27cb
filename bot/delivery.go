package bot

import "time"

// Kind says what a person did.
type Kind string

// The kinds of Delivery that reach a handler.
const (
	Command    Kind = "command"    // a slash command
	Mention    Kind = "mention"    // @incident-bot words, in a channel, a thread or a direct message
	Click      Kind = "click"      // a button, select or check box of a message or view
	Submission Kind = "submission" // a submitted modal
)

// A Delivery is one envelope of Slack as our own value: who did what, where, and how to answer. It holds all that is
// needed to act later, so that an inbox can keep it; times that end are absolute.
type Delivery struct {
	Kind Kind
	// Key names the act for ever: the same act delivered again, on any socket and in a new envelope, has the same key.
	// It is never empty and holds no secret.
	Key string
	// Twin is a second name under which the same act may come as something else: a message of a mention, which Slack
	// tells again when it is edited and, in a direct message, as two kinds of event. "" when there is none.
	Twin string
	// EnvelopeID is Slack's id of the frame, to be acknowledged. Slack may reuse it for a repeated frame.
	EnvelopeID string
	// Attempt is Slack's own count of redeliveries, 0 at first. Events only.
	Attempt int
	// AcceptsPayload says whether the acknowledgement may carry an answer.
	AcceptsPayload bool
	// Received is when this process read the frame.
	Received time.Time

	Installation Installation
	Actor        Actor
	Place        Place

	// CommandName is the slash command as typed, "/incident". Commands only.
	CommandName string
	// Text is what was typed: of a command what follows its name, of a mention the whole message, as Slack sent it
	// (`&amp;` for &, `<@U1|ana>` for a person).
	Text string

	Action Action // clicks only
	View   View   // submissions, and clicks inside a modal

	// Trigger opens one modal within 3 s of the act (facts: expired_trigger_id after that).
	Trigger Trigger
	// Response takes up to 5 answers in 30 min, also where the bot is no member.
	Response Response
}

// Installation names the installed app that a delivery belongs to. TeamID may be empty in an org-wide installation.
type Installation struct {
	TeamID       string // T…
	EnterpriseID string // E…
	OrgWide      bool
}

// Actor is the person who acted.
type Actor struct {
	UserID string // U… or W…
	TeamID string // the person's home as far as the payload says; "" when it does not say or cannot be trusted
	Name   string // the handle of a command or click; "" for a mention
}

// Place is where it happened.
type Place struct {
	ChannelID string // C…, G… or D…; "" for a modal or a global shortcut
	ThreadTS  string // the thread's first message; "" outside a thread and on that first message itself
	MessageTS string // the message that mentions the bot or holds the clicked button
	Ephemeral bool   // the message that was clicked is visible to the actor alone
	Shared    bool   // Slack said that people of other workspaces are here
}

// Direct says whether the place is a direct message with the bot.
func (p Place) Direct() bool { return len(p.ChannelID) > 0 && p.ChannelID[0] == 'D' }

// Action is what was clicked.
type Action struct {
	ID       string // action_id
	BlockID  string
	Value    string   // a button's value or a select's chosen option
	Selected []string // the values of a multi select or of check boxes
}

// View is a modal as its submission or a click inside it shows it.
type View struct {
	ID              string
	Hash            string
	CallbackID      string
	PrivateMetadata string
	// Values holds what was entered, by block id: one input a block. A select gives its option's value, check boxes
	// give theirs joined by a comma.
	Values map[string]string
}

// Trigger is a trigger_id with its end.
type Trigger struct {
	ID      Secret
	Expires time.Time
}

// Response is a response_url with its end.
type Response struct {
	URL     Secret
	Expires time.Time
}
