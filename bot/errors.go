package bot

import (
	"errors"
	"fmt"
)

// Reason says why a person may not use a route.
type Reason string

// The reasons of AccessError.
const (
	Guest    Reason = "guest"    // a single- or multi-channel guest
	Stranger Reason = "stranger" // a person of another workspace
	Robot    Reason = "bot"      // another app, or a deactivated account
	Unknown  Reason = "unknown"  // Slack could not say who this is; Err says why
)

// AccessError says that the person who acted may not use an Act route. Nothing was done.
type AccessError struct {
	Reason Reason
	Err    error // why Slack could not say, for Unknown
}

// Error names the reason.
func (e *AccessError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("check who acts: %s: %v", e.Reason, e.Err)
	}
	return fmt.Sprintf("check who acts: %s", e.Reason)
}

// Unwrap gives what Slack answered.
func (e *AccessError) Unwrap() error { return e.Err }

// FormError says that a form could not be opened or filled. Expired says that its trigger was too old or used
// (docs: 3 s, once): the same words or click open it.
type FormError struct {
	Expired bool
	Err     error
}

// Error names what Slack answered.
func (e *FormError) Error() string { return fmt.Sprintf("open form: %v", e.Err) }

// Unwrap gives what Slack answered.
func (e *FormError) Unwrap() error { return e.Err }

// PanicError says that a handler panicked. Its text is not for people.
type PanicError struct {
	Value any
	Stack []byte
}

// Error shows the panic's value.
func (e *PanicError) Error() string { return fmt.Sprintf("handler panicked: %v", e.Value) }

// TokenError says that a bot token cannot work: Slack refuses it, or it belongs to another workspace than the
// configuration says. Its text is for whoever runs the bot.
type TokenError struct {
	TeamID string // as configured, "" when it is not
	Code   string // Slack's: invalid_auth, account_inactive, token_revoked…; or wrong_workspace
	Got    string // the workspace the token belongs to, for wrong_workspace
}

// Error says what is wrong and what to do.
func (e *TokenError) Error() string {
	whose := "the bot token (xoxb-…)"
	if e.TeamID != "" {
		whose += " of workspace " + e.TeamID
	}
	switch e.Code {
	case "wrong_workspace":
		return fmt.Sprintf("%s belongs to %s: correct team_id or the token", whose, e.Got)
	case "duplicate":
		return fmt.Sprintf("%s: %s is configured twice: keep one entry", whose, e.Got)
	case "missing":
		return whose + " is missing: copy it from the Slack app's page OAuth & Permissions"
	}
	return fmt.Sprintf("Slack refuses %s (%s): reinstall the app to the workspace and copy the token from OAuth & Permissions",
		whose, e.Code)
}

// errNotConnected says that no token is configured for a delivery's workspace.
var errNotConnected = errors.New("no such workspace")
