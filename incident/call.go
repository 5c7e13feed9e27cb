package incident

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// call runs one method of incident-go within the time limit. Its failure is always an *Error that names op.
func call[Request, Answer any](ctx context.Context, s *Stack, op string,
	method func(context.Context, Request) (*Answer, error), in Request) (*Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	out, err := method(ctx, in)
	if err != nil {
		return nil, failure(op, err)
	}
	return out, nil
}

// look is call for a method that changes nothing.
func look[Request, Answer any](ctx context.Context, s *Stack, op string,
	method func(context.Context, Request) (*Answer, error), in Request) (*Answer, error) {
	out, err := call(ctx, s, op, method, in)
	var e *Error
	if errors.As(err, &e) {
		e.Unchanged = true
	}
	return out, err
}

// failure names the operation in the guard's error. What is not the guard's is a body that passed it and still could not
// be decoded.
func failure(op string, err error) *Error {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Code: Unreadable, Status: http.StatusOK, Err: err}
	}
	e.Op = op
	return e
}

// raw calls a method that incident-go does not have.
func raw[Answer any](s *Stack, method string) func(context.Context, any) (*Answer, error) {
	return func(ctx context.Context, in any) (*Answer, error) {
		body, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.at.base()+method, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		req.Header.Set("Accept", "application/json; charset=utf-8")
		resp, err := s.http.Do(req)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		if body, err = io.ReadAll(resp.Body); err != nil { // bounded by the guard
			return nil, err
		}
		out := new(Answer)
		return out, json.Unmarshal(body, out)
	}
}

// Check makes a harmless call, which proves that the stack is awake, has the plugin and takes the token for reading.
// Whether the token may change anything shows only when it does.
func (s *Stack) Check(ctx context.Context) error {
	_, err := s.previews(ctx, "check the stack", "", 1, "")
	return err
}

// Refused is the last refusal of the token or its role, a 401 or 403, as long as no later call succeeded; nil
// otherwise.
func (s *Stack) Refused() error {
	if e := s.guard.refusal.Load(); e != nil {
		return e
	}
	return nil
}

// Warm fills the lists that forms and words need, so that the first person does not wait for them. What fails is logged
// and fetched when it is asked for.
func (s *Stack) Warm(ctx context.Context) {
	done := make(chan struct{}, 3)
	for name, fetch := range map[string]func(context.Context) error{
		"severities": func(ctx context.Context) error { _, err := s.Severities(ctx); return err },
		"statuses":   func(ctx context.Context) error { _, err := s.Statuses(ctx); return err },
		"roles":      func(ctx context.Context) error { _, err := s.Roles(ctx); return err },
	} {
		go func() {
			defer func() { done <- struct{}{} }()
			if err := fetch(ctx); err != nil {
				s.log.Warn().Err(err).Str("list", name).Msg("list not fetched")
			}
		}()
	}
	for range cap(done) {
		<-done
	}
}
