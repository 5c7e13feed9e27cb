package blocks

// Slack's limits, in Unicode code points where text is meant (docs.slack.dev/reference/block-kit). The exported ones
// matter to callers: a text over them would be shown cut, a value over them would mean something else.
const (
	MaxMessageText = 4000 // text of chat.update; chat.postMessage takes 40,000
	MaxSection     = 3000
	MaxHeader      = 150
	MaxButtonValue = 2000
	MaxButtonLabel = 75
	MaxOptions     = 100 // in a select
	MaxOptionText  = 75
	MaxInput       = 3000 // what a plain text input takes
	MaxMetadata    = 3000 // private_metadata of a view

	maxMessageBlocks   = 50
	maxMessageChars    = 12_000 // msg_blocks_too_long is reported near 13,200 and not documented
	maxBlockChars      = 6_000  // of one block with several texts, so that one cannot fill a message
	maxViewBlocks      = 100
	maxViewBytes       = 250_000 // "view JSON 250 KB", else view_too_large
	maxField           = 2000
	maxFields          = 10
	maxContextElements = 10
	maxActionElements  = 25
	maxID              = 255 // action_id, block_id, callback_id
	maxURL             = 3000
	maxOptionValue     = 75 // 150 since 2026-08 by one account; 75 is safe for both
	maxChecks          = 10
	maxPlaceholder     = 150
	maxLabel           = 2000 // an input's label and hint
	maxViewTitle       = 24   // title, submit, close
	maxConfirmTitle    = 100
	maxConfirmText     = 300
	maxConfirmButton   = 30
)

// nothing stands where Slack requires text and there is none: an empty text object is refused.
const nothing = "—"
