package journal

import (
	"errors"

	"incident-bot/bot"
)

// unkeptError is why nothing is kept at present.
type unkeptError struct{ why error }

// unkept makes an error of a sentence.
func unkept(why string) error { return &unkeptError{errors.New(why)} }

func (e *unkeptError) Error() string { return bot.ErrUnkept.Error() + ": " + e.why.Error() }

func (e *unkeptError) Unwrap() []error { return []error{bot.ErrUnkept, e.why} }

// bare is the reason of an unkeptError alone: while a journal is being opened, nobody has asked it to keep anything yet.
func bare(err error) error {
	if e, ok := errors.AsType[*unkeptError](err); ok {
		return e.why
	}
	return err
}
