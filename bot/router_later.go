package bot

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"
)

// putOff says when to run an act again that failed for something that may pass. The person is told by then if it takes
// long; what is too old is not tried again.
func (rt *Router) putOff(ctx context.Context, r *Request, err error) (outcome, bool) {
	if err == nil || r.act == nil || tooOld(r) {
		return outcome{}, false
	}
	if errors.Is(context.Cause(ctx), context.Canceled) && !forgetful(r.act.inbox) {
		return outcome{due: time.Now(), why: "incident-bot is being restarted"}, true
	}
	delay, ok := rt.delayOf(r, err)
	if !ok {
		return outcome{}, false
	}
	if delay.After <= 0 {
		delay.After = pauseAfter(r.act.attempts)
	}
	zerolog.Ctx(ctx).Warn().Err(err).Dur("again_in", delay.After).Int("attempt", r.act.attempts).Msg("put off")
	return outcome{due: againAt(r, delay.After), why: delay.Why, firm: delay.Firm, proved: r.proved}, true
}

// againAt is when a request is tried again that is to rest: at the age limit at the latest, as its person hears then what
// became of it, and what waits behind it in its lane has waited long enough.
func againAt(r *Request, after time.Duration) time.Time {
	return time.Now().Add(max(0, min(after, maxAge-time.Since(r.Received))))
}

// again says whether a request is handled again when something that may pass went wrong.
func (r *Request) again() bool { return r.act != nil && !r.last && !tooOld(r) }

// tooOld says whether nothing more is tried for a request.
func tooOld(r *Request) bool { return time.Since(r.Received) >= maxAge }

// delayOf finds out whether an error may pass, and how long that is given.
func (rt *Router) delayOf(r *Request, err error) (delay Delay, ok bool) {
	defer func() {
		if v := recover(); v != nil {
			rt.log.Error().Type("panic", v).Msg("judging an error panicked")
			delay, ok = Delay{}, false
		}
	}()
	if errors.Is(err, ErrUnkept) {
		return Delay{Why: "incident-bot cannot write down what it does", Firm: true}, true
	}
	if who, unknown := errors.AsType[*AccessError](err); unknown {
		return Delay{Why: "Slack does not say who you are"}, who.Reason == Unknown && passing(who.Err)
	}
	if rt.delay == nil {
		return Delay{}, false
	}
	if open, is := errors.AsType[*UnsettledError](err); is {
		delay, ok = rt.delay(r, open)
		delay.After, delay.Firm = open.After, true
		return delay, ok
	}
	return rt.delay(r, err)
}
