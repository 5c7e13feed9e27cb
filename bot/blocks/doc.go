// Package blocks builds Block Kit that Slack accepts and that foreign text cannot break.
//
// Two rules hold the package together.
//
// The first is about text. A value of type Mrkdwn is markup that we wrote ourselves; everything else is foreign: titles
// from Grafana, names, what somebody typed, the text of an error. Foreign text enters a Mrkdwn through Escape, and
// nearly always by way of Textf, which escapes each argument that is not Mrkdwn. So a title that reads "<!channel>"
// shows those ten characters and wakes nobody, and no code has to remember to escape. Markup such as *bold* inside
// foreign text cannot be escaped in Slack's language; it is harmless and stays.
//
// The second is about limits. Slack refuses a whole message for one character too many, so each builder cuts to the
// documented limit itself, counted in Unicode code points, and says "…" or "and N more" where something is left out. A
// cut never falls inside a character, an entity or a token. What Slack refuses altogether (an empty text, a select
// without options, a second element with the same action_id) is mended or left out. A block or element may be nil:
// NewMessage, Modal and Actions pass over it, so that an optional part needs no branch.
//
// Sources of the limits: docs.slack.dev/reference/block-kit and @slack/types.
package blocks
