// Package grammar understands what people type after a word.
//
// It is forgiving in order and strict in meaning: options may stand anywhere, a quoted word is never an option, and what
// is not an option is text that stays as it was typed, line breaks included. It takes text as Slack sends it (entities
// for & < >, <@U1|ana> for a person) and gives text as it was typed. It asks nobody, knows no clock, and never fails:
// what it cannot read it leaves in the text or names in a field.
package grammar
