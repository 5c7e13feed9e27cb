package handlers

import (
	"strings"
	"time"

	"incident-bot/bot"
)

// Config is what the handlers are made of.
type Config struct {
	// Stack gives the stack of a workspace, and no other: it is asked with the delivery's workspace alone.
	Stack func(workspace string) (Stack, bool)
	// Labels finds the card that a thread hangs on.
	Labels labels
	// People gives names and time zones. Without it, those a text mentions stay ids.
	People people
	// Command is the slash command's name, "/incident".
	Command string
	// Version is shown by help.
	Version string
	// Searchable is how long a new incident may not be found by a search; 0 is 15 seconds. Tests shorten it.
	Searchable time.Duration
	// Waiting lists and drops what waits. Without it, nothing is said to wait.
	Waiting queue
}

// The ids of buttons and forms. They are in messages that people see for years: an id is never reused for another thing.
const (
	buttonUpdate   = "card.update"
	buttonNote     = "card.note"
	buttonSeverity = "card.severity"
	buttonResolve  = "card.resolve"
	buttonReopen   = "card.reopen"
	buttonShow     = "card.show"
	buttonDeclare  = "declare.open"
	buttonOffer    = "offer.take"
	buttonPage     = "list.page"
	buttonList     = "list.open"
	buttonHelp     = "help.open"
	buttonDrop     = "waiting.drop"

	formDeclare  = "declare"
	formUpdate   = "update"
	formNote     = "note"
	formSeverity = "severity"
	formResolve  = "resolve"
)

// desk is where all words are served: what they share.
type desk struct {
	Config
	offers  *offers
	threads *threads
	words   []bot.Word
}

// New gives everything the bot can be told. The same list makes the help, the README's table and the app's manifest.
func New(c Config) bot.Routes {
	d := &desk{Config: c, offers: newOffers(), threads: newThreads()}
	d.words = d.list()
	return bot.Routes{
		Words:   d.words,
		Buttons: d.buttons(),
		Submits: d.forms(),
		Unknown: d.unknown,
		Explain: d.explain,
		Later:   d.later,
		Waiting: d.waiting,
	}
}

// list is every word, in the order help shows them.
func (d *desk) list() []bot.Word {
	return []bot.Word{
		{
			Name: "declare", Aliases: []string{"new", "create", "start", "open"}, Access: bot.Act,
			Usage:    "declare TITLE [sev:SEVERITY] [label:KEY=VALUE] [drill]",
			Summary:  "declares an incident; with nothing typed it opens the form",
			Examples: []string{"declare checkout returns 500s sev:critical label:team=payments"},
			Lane:     d.titleLane, Form: d.declareForm, Run: d.declare,
		},
		{
			Name: "list", Aliases: []string{"ls"}, Access: bot.Read,
			Usage:    "list [active|resolved|all|drills] [severity:SEVERITY] [label:KEY=VALUE] [WORDS OF THE TITLE]",
			Summary:  "lists incidents, the active ones unless told otherwise, newest first",
			Examples: []string{"list", "list resolved", "list severity:major checkout", "list drills"},
			Run:      d.listing,
		},
		{
			Name: "show", Aliases: []string{"card", "info"}, Access: bot.Read,
			Usage:    "show [#ID]",
			Summary:  "shows an incident's card",
			Examples: []string{"show 42"},
			Run:      d.show,
		},
		{
			Name: "update", Access: bot.Act, Lane: d.lane,
			Usage:    "update [#ID] TEXT",
			Summary:  "writes a status update, in Slack's own markup",
			Examples: []string{"update rolled back, error rate falling"},
			Run:      d.update,
		},
		{
			Name: "note", Aliases: []string{"log"}, Access: bot.Act, Lane: d.lane,
			Usage:    "note [#ID] [at TIME] TEXT",
			Summary:  "writes to the timeline, at a time of your own zone if you begin with one",
			Examples: []string{"note CPU back to normal", "note at 14:32 CPU back to normal"},
			Run:      d.note,
		},
		{
			Name: "severity", Aliases: []string{"sev"}, Access: bot.Act, Lane: d.lane,
			Usage:    "severity [#ID] [SEVERITY]",
			Summary:  "shows or changes the severity; the levels are your stack's own",
			Examples: []string{"severity major"},
			Run:      d.severity,
		},
		{
			Name: "status", Access: bot.Act, Lane: d.lane,
			Usage:    "status [#ID] [STATUS]",
			Summary:  "shows the status, or sets one of your stack's own",
			Examples: []string{"status", "status mitigated"},
			Run:      d.status,
		},
		{
			Name: "resolve", Aliases: []string{"close", "fixed"}, Access: bot.Act, Lane: d.lane,
			Usage:    "resolve [#ID] [CLOSING UPDATE]",
			Summary:  "resolves an incident, with a closing update if you write one",
			Examples: []string{"resolve bad deploy reverted"},
			Run:      d.resolve,
		},
		{
			Name: "reopen", Access: bot.Act, Lane: d.lane,
			Usage:    "reopen [#ID]",
			Summary:  "makes a resolved incident active again",
			Examples: []string{"reopen 42"},
			Run:      d.reopen,
		},
		{
			Name: "waiting", Access: bot.Read, Lane: ownLane,
			Usage:    "waiting",
			Summary:  "lists what you asked for and is not done yet, with buttons to drop it",
			Examples: []string{"waiting"},
			Run:      d.queued,
		},
		{
			Name: "help", Access: bot.Read, Lane: ownLane,
			Usage:    "help [WORD]",
			Summary:  "says what can be said",
			Examples: []string{"help note"},
			Run:      d.help,
		},
	}
}

// buttons is every button and select of messages.
func (d *desk) buttons() []bot.Button {
	return []bot.Button{
		{ID: buttonUpdate, Access: bot.Act, Form: updateForm},
		{ID: buttonNote, Access: bot.Act, Form: noteForm},
		{ID: buttonSeverity, Access: bot.Act, Form: d.severityForm},
		{ID: buttonResolve, Access: bot.Act, Form: resolveForm},
		{ID: buttonReopen, Access: bot.Act, Lane: clickedLane, Run: d.reopenClicked},
		{ID: buttonShow, Access: bot.Read, Run: d.showClicked},
		{ID: buttonDeclare, Access: bot.Act, Form: d.declareForm},
		{ID: buttonOffer, Access: bot.Read, Lane: d.offerLane, Run: d.take},
		{ID: buttonPage, Access: bot.Read, Run: d.page},
		{ID: buttonList, Access: bot.Read, Run: d.listing},
		{ID: buttonHelp, Access: bot.Read, Lane: ownLane, Run: d.help},
		{ID: buttonDrop, Access: bot.Read, Lane: ownLane, Run: d.dropped},
	}
}

// forms is every form that can be sent.
func (d *desk) forms() []bot.Submit {
	return []bot.Submit{
		{CallbackID: formDeclare, Access: bot.Act, Lane: d.titleLane, Check: checkDeclare, Run: d.declareSent},
		{CallbackID: formUpdate, Access: bot.Act, Lane: formLane, Check: checkText, Run: d.updateSent},
		{CallbackID: formNote, Access: bot.Act, Lane: formLane, Check: checkNote, Run: d.noteSent},
		{CallbackID: formSeverity, Access: bot.Act, Lane: formLane, Run: d.severitySent},
		{CallbackID: formResolve, Access: bot.Act, Lane: formLane, Check: checkOptionalText, Run: d.resolveSent},
	}
}

// word finds a word by name or alias.
func (d *desk) word(name string) (bot.Word, bool) {
	for _, w := range d.words {
		if strings.EqualFold(w.Name, name) {
			return w, true
		}
		for _, alias := range w.Aliases {
			if strings.EqualFold(alias, name) {
				return w, true
			}
		}
	}
	return bot.Word{}, false
}
