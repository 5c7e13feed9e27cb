package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
)

// A Handler does what a person asked and describes what to show. Its error is explained to the person by
// Routes.Explain and logged once with the request's Ref.
type Handler func(ctx context.Context, r *Request) (Reply, error)

// Access says who may use a route.
type Access int

const (
	// Read routes are open to everybody who can reach the bot, guests and Slack Connect visitors included.
	Read Access = iota
	// Act routes are open to full members of the installed workspace. Every click and submission is asked again.
	Act
)

// Request is a Delivery on its way through a handler.
type Request struct {
	Delivery
	// Workspace is the installation's workspace: T…, or E… for an org-wide installation. Clients are looked up by it.
	Workspace string
	// Word is the canonical name of the word that was said, "" when none is known.
	Word string
	// Args is what follows the word, as Slack sent it.
	Args string
	// Ref is the short reference of this request, shown in errors and present in each of its log lines.
	Ref string
	// Now is when the handler started.
	Now time.Time

	ws      *workspace // nil when no token is configured for the delivery's workspace
	people  *People
	act     *act // nil in the fast lane and in tests
	last    bool // nothing is run again: what is not said now never is
	proved  bool // an effect was concluded: the other side answers
	observe observer
}

// Who looks the actor up (users.info, cached).
func (r *Request) Who(ctx context.Context) (Person, error) {
	return r.people.Get(ctx, r.Workspace, r.Actor.UserID)
}

// Delay is how a request waits.
type Delay struct {
	// Why is the reason, for people: a clause without a full stop.
	Why string
	// After is when to try again; 0 leaves it to the number of attempts, from a second to five minutes.
	After time.Duration
	// Firm says that nothing makes it earlier.
	Firm bool
}

// Person is a Slack user as the bot needs it.
type Person struct {
	ID       string
	Name     string // display name, else real name, else handle
	Location *time.Location
	Guest    bool // single- or multi-channel guest
	Stranger bool // somebody of another workspace
	Bot      bool
}

// A Word is something that can be said, by command and by mention alike.
type Word struct {
	Name     string
	Aliases  []string
	Usage    string   // "resolve [#id] [closing words]"
	Summary  string   // one line of help
	Examples []string // without the command's name
	Access   Access
	// Lane names the queue in which the request runs, in order of arrival; requests of other lanes run beside it.
	// Nil or "": the lane of the place.
	Lane func(r *Request) string
	// Form gives the modal to open when these words call for one, nil when they do not. It must not wait for anything.
	// Only deliveries with a live trigger are asked.
	Form func(r *Request) *Form
	Run  Handler
}

// A Button is a clickable element of a message or view, by its action_id.
type Button struct {
	ID     string
	Access Access
	Lane   func(r *Request) string
	Form   func(r *Request) *Form
	Run    Handler
}

// A Submit is a modal that can be submitted, by its callback_id.
type Submit struct {
	CallbackID string
	Access     Access
	Lane       func(r *Request) string
	// Check gives a sentence for each input (by block id) that cannot be accepted. It must not wait for anything: the
	// answer travels in the acknowledgement.
	Check func(r *Request) map[string]string
	Run   Handler
}

// A Form is a modal about to be opened.
type Form struct {
	View slack.ModalViewRequest
	// Fill, if not nil, gives the complete view after View is open, for what had to be fetched first.
	Fill func(ctx context.Context) (slack.ModalViewRequest, error)
}

// Routes is everything the bot can be told. One list of each kind, written once.
type Routes struct {
	Words   []Word
	Buttons []Button
	Submits []Submit
	// Unknown answers words that no Word has. It is a Read route.
	Unknown Handler
	// Explain turns an error into what a person reads: what did not happen, why, what to do now, the reference.
	Explain func(r *Request, err error) Reply
	// Later says of an error whether it may pass, so that the request waits and is handled again. Nil: none does.
	Later func(r *Request, err error) (Delay, bool)
	// Waiting makes the message for somebody who has no answer after some seconds, which the answer replaces. Nil: nobody
	// is told.
	Waiting func(r *Request, w Wait) blocks.Message
}
