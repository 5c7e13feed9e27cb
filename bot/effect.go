package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// An Effect is a change outside that a request makes, once however often the request is handled and whatever breaks in
// between. It is logged before it is tried, and its result after. Where it is not known whether it happened (the process
// ended, the answer was lost), it is looked for before it is tried again.
type Effect[T any] struct {
	// Name tells it from other effects of the request.
	Name string
	// Memo is kept with the log and given to Find: what was so before the change, say.
	Memo []byte
	// Do makes the change. An error that has a method Uncertain() bool which gives false proves that nothing happened.
	Do func(ctx context.Context) (T, error)
	// Find looks whether the change happened. It changes nothing.
	Find func(ctx context.Context, memo []byte) (result T, found bool, err error)
	// Visible is how long after Do Find may miss what happened.
	Visible time.Duration
}

// UnsettledError says that it is not known yet whether an effect happened. It is looked for again After that time.
type UnsettledError struct {
	Effect string
	After  time.Duration
	Err    error // what made it uncertain, or why it cannot be found out; nil when the process ended
}

// Error names the effect.
func (e *UnsettledError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: not known yet whether it happened", e.Effect)
	}
	return fmt.Sprintf("%s: not known yet whether it happened: %v", e.Effect, e.Err)
}

// Unwrap gives what made it uncertain.
func (e *UnsettledError) Unwrap() error { return e.Err }

// NotDoneError says that an effect certainly did not happen, although the error of its last try does not prove that, and
// that it is not tried again.
type NotDoneError struct{ Err error }

// Error is that of the last try.
func (e *NotDoneError) Error() string { return "looked for and not found: " + e.Err.Error() }

// Unwrap gives the error of the last try.
func (e *NotDoneError) Unwrap() error { return e.Err }

// Uncertain is false.
func (e *NotDoneError) Uncertain() bool { return false }

// Once makes an effect of a request happen, unless it has already. Its error is Do's when that proves that nothing
// happened, an *UnsettledError, a *NotDoneError, or wraps ErrUnkept.
func Once[T any](ctx context.Context, r *Request, e Effect[T]) (T, error) {
	var none T
	if r.act == nil {
		return e.Do(ctx)
	}
	log, err := r.act.inbox.Begin(ctx, r.act.id, e.Name, e.Memo)
	switch {
	case err != nil:
		return none, fmt.Errorf("log %s: %w", e.Name, err)
	case log.Done:
		return recalled[T](log.Result)
	case !log.Before && r.outOfDate():
		r.act.inbox.Undone(r.act.id, e.Name)
		return none, &NotDoneError{ErrTooLate}
	case log.Before:
		if log.Memo == nil {
			log.Memo = e.Memo // the first one was lost with the machine
		}
		result, happened, err := e.settle(ctx, r, log, nil)
		if happened || err != nil {
			return result, err
		}
		err = r.act.spent(e.Name)
		if r.outOfDate() {
			err = ErrTooLate
		}
		if err != nil {
			r.act.inbox.Undone(r.act.id, e.Name)
			return none, &NotDoneError{err}
		}
		e.Memo = log.Memo
		if err := e.beginAgain(ctx, r); err != nil {
			return none, err
		}
	}
	return e.try(ctx, r)
}

// ErrTooLate is why nothing new is done for a request: no process was there to do it for so long that what was wanted
// then may be wrong by now. What was begun in time is found out all the same.
var ErrTooLate = errors.New("too late")

// lateGrace is how much later than the age limit is too late for a request of an earlier process.
const lateGrace = time.Minute

// outOfDate says whether a request comes from before a long absence.
func (r *Request) outOfDate() bool {
	return r.act != nil && r.act.restored && time.Since(r.Received) > maxAge+lateGrace
}

// recalled is a result from the log.
func recalled[T any](kept []byte) (result T, err error) {
	if len(kept) > 0 {
		err = json.Unmarshal(kept, &result)
	}
	return result, err
}

// beginAgain logs another try of what certainly did not happen. The memo stays that of the first.
func (e Effect[T]) beginAgain(ctx context.Context, r *Request) error {
	r.act.inbox.Undone(r.act.id, e.Name)
	if _, err := r.act.inbox.Begin(ctx, r.act.id, e.Name, e.Memo); err != nil {
		return fmt.Errorf("log %s: %w", e.Name, err)
	}
	return nil
}

// try makes the change and writes down what came of it.
func (e Effect[T]) try(ctx context.Context, r *Request) (T, error) {
	began := time.Now()
	result, err := e.Do(ctx)
	if err == nil {
		e.concluded(r, result)
		return result, nil
	}
	if certain(err) {
		r.act.inbox.Undone(r.act.id, e.Name)
		return result, err
	}
	r.act.missed(e.Name, err)
	looking, cancel := sendingContext(ctx)
	defer cancel()
	found, happened, open := e.settle(looking, r, Logged{Began: began, Memo: e.Memo}, err)
	if happened || open != nil {
		return found, open
	}
	return found, &UnsettledError{Effect: e.Name, After: firstLook, Err: err}
}

// certain says whether an error proves that nothing happened.
func certain(err error) bool {
	var sorted interface{ Uncertain() bool }
	return errors.As(err, &sorted) && !sorted.Uncertain()
}

// settle finds out whether an effect that was begun happened. While it may be there without being visible, or cannot be
// looked for, the error is an *UnsettledError; no error and not happened is certain.
func (e Effect[T]) settle(ctx context.Context, r *Request, log Logged, why error) (result T, happened bool, err error) {
	result, happened, err = e.Find(ctx, log.Memo)
	r.looked(happened, err)
	switch age := time.Since(log.Began); {
	case err != nil:
		return result, false, &UnsettledError{Effect: e.Name, After: max(firstLook, min(age, longestLook)), Err: err}
	case happened:
		e.concluded(r, result)
		return result, true, nil
	case age < e.Visible:
		return result, false, &UnsettledError{Effect: e.Name, After: min(max(firstLook, age/2), e.Visible-age), Err: why}
	}
	return result, false, nil
}

// The pauses between two looks for an effect.
const (
	firstLook   = 300 * time.Millisecond
	longestLook = 15 * time.Second
)

func (e Effect[T]) concluded(r *Request, result T) {
	r.proved = true
	kept, err := json.Marshal(result)
	if err != nil {
		kept = nil // the effect happened all the same
	}
	r.act.inbox.Concluded(r.act.id, e.Name, kept)
}

// mostMisses is how often an effect is tried that fails for a reason of its own.
const mostMisses = 4

// misses is how often an effect was tried in vain.
type misses struct {
	count int
	last  error
}

// missed notes a try of an effect that may not have happened.
func (a *act) missed(effect string, err error) {
	if a.misses == nil {
		a.misses = map[string]misses{}
	}
	a.misses[effect] = misses{a.misses[effect].count + 1, err}
}

// spent gives the last error of an effect that is not worth another try: it failed again and again while the other side
// worked, or in a way that does not pass. While the other side is down, tries do not count.
func (a *act) spent(effect string) error {
	m := a.misses[effect]
	var sorted interface {
		Outage() bool
		Temporary() bool
	}
	if m.count == 0 || !errors.As(m.last, &sorted) || sorted.Outage() || sorted.Temporary() && m.count < mostMisses {
		return nil
	}
	return m.last
}

// Tried says whether an effect of the request was tried before this run, so that what is found outside may be its own
// doing.
func (r *Request) Tried(ctx context.Context, effect string) bool {
	if r.act == nil || !r.act.before {
		return false
	}
	log, err := r.act.peek(ctx, effect)
	return log.Before || err != nil // then Once finds out more
}

// Memo is what was kept of an effect that was tried before this run, nil otherwise.
func (r *Request) Memo(ctx context.Context, effect string) []byte {
	if r.act == nil || !r.act.before {
		return nil
	}
	log, _ := r.act.peek(ctx, effect)
	return log.Memo
}

// looked counts a look for an effect.
func (r *Request) looked(found bool, err error) {
	if r.observe == nil {
		return
	}
	switch {
	case err != nil:
		r.observe.looked("failed")
	case found:
		r.observe.looked("found")
	default:
		r.observe.looked("missing")
	}
}

// Keep remembers a small thing beyond the process, under a key within the request's workspace.
func (r *Request) Keep(key string, value []byte, until time.Time) {
	if r.act != nil {
		r.act.inbox.Keep(r.Workspace+"/"+key, value, until)
	}
}

// Kept gives what Keep remembered, nil when that is nothing, too old, or cannot be read.
func (r *Request) Kept(ctx context.Context, key string) []byte {
	if r.act == nil {
		return nil
	}
	value, _ := r.act.inbox.Kept(ctx, r.Workspace+"/"+key)
	return value
}
