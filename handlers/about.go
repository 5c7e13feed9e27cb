package handlers

import "errors"

// about is an error of something that was done with one incident, so that what is said of it can name the incident.
type about struct {
	id  string
	err error
}

// Error is the error's own text, which names the operation and its object.
func (e about) Error() string { return e.err.Error() }

func (e about) Unwrap() error { return e.err }

// of says which incident an error is about; no error stays none.
func of(id string, err error) error {
	if err == nil {
		return nil
	}
	return about{id, err}
}

// incidentOf gives the incident an error is about, "" when it says none.
func incidentOf(err error) string {
	var e about
	errors.As(err, &e)
	return e.id
}

// errNoStack says that the workspace has no stack.
type errNoStack struct{ workspace string }

func (e errNoStack) Error() string { return "no stack for workspace " + e.workspace }
