package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"incident-bot/bot/blocks"
)

// maxHops is how many runs one delivery may lead to: its own, and one that its reply asks for.
const maxHops = 2

// dispatch runs one target and sends what it says.
func (rt *Router) dispatch(ctx context.Context, r *Request, one *target, hop int) outcome {
	reply, err := rt.handle(ctx, r, one)
	rt.observe.handled(r.Kind, one.name, outcomeOf(err), time.Since(r.Now))
	if o, ok := rt.putOff(ctx, r, err); ok {
		return o
	}
	var o outcome
	if err == nil && reply.Run != "" {
		if o = rt.runWords(ctx, r, reply.Run, hop); o.later() {
			return o
		}
	}
	sending, cancel := sendingContext(ctx)
	defer cancel()
	if err != nil {
		return rt.failed(sending, r, one, err)
	}
	said := rt.deliver(sending, r, reply)
	said.proved = o.proved || r.proved
	zerolog.Ctx(ctx).Debug().Str("route", one.name).Dur("took", time.Since(r.Now)).Msg("handled")
	return said
}

// runWords runs words in place of what was said, as the same person in the same place.
func (rt *Router) runWords(ctx context.Context, r *Request, words string, hop int) outcome {
	if hop >= maxHops {
		zerolog.Ctx(ctx).Error().Msg("a reply's words lead to more words; not run")
		return outcome{}
	}
	again := *r
	again.Text = words
	one := rt.table.say(&again, words)
	if form := rt.formOf(&again, one); form != nil {
		return rt.openForm(ctx, &again, one, form)
	}
	return rt.dispatch(ctx, &again, one, hop+1)
}

// handle checks who acts and runs the handler. A panic becomes an error.
func (rt *Router) handle(ctx context.Context, r *Request, one *target) (reply Reply, err error) {
	defer func() {
		if v := recover(); v != nil {
			reply, err = Reply{}, &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	if err := rt.allowed(ctx, r, one.access); err != nil {
		return Reply{}, err
	}
	if one.run == nil { // a form whose trigger is over by the time it is its turn
		return Reply{}, &FormError{Expired: true, Err: errors.New("the trigger is too old")}
	}
	return one.run(ctx, r)
}

// failed explains an error to the person and logs it, once. A refusal is no fault of anybody's; that Slack could not
// say who acted is.
func (rt *Router) failed(ctx context.Context, r *Request, one *target, err error) outcome {
	line := zerolog.Ctx(ctx).Warn()
	if refused, ok := errors.AsType[*AccessError](err); ok && refused.Reason != Unknown {
		line = zerolog.Ctx(ctx).Info()
	}
	if panicked, ok := errors.AsType[*PanicError](err); ok {
		line = zerolog.Ctx(ctx).Error().Bytes("stack", panicked.Stack)
	}
	if f := faultOf(err); f.needed != "" {
		line = line.Str("needed", f.needed)
	}
	line.Err(err).Str("route", one.name).Msg("not done")
	o := rt.deliver(ctx, r, rt.explained(ctx, r, err))
	if !o.later() && tooOld(r) {
		o.dead, o.why = true, "too old"
	}
	return o
}

// explained makes the answer to an error. An explanation that fails itself is replaced by a plain one.
func (rt *Router) explained(ctx context.Context, r *Request, err error) (reply Reply) {
	defer func() {
		if v := recover(); v != nil {
			zerolog.Ctx(ctx).Error().Bytes("stack", debug.Stack()).Msg("explaining panicked")
			reply = Reply{}
		}
		if reply.Answer == nil {
			reply.Answer = &Answer{Message: blocks.NewMessage(blocks.Textf("That did not work: an error inside incident-bot. Please try again. ref %s", r.Ref))}
		}
	}()
	return rt.explain(r, err)
}

// deliver sends a reply. What reached nobody, because of something that may pass, is sent again later.
func (rt *Router) deliver(ctx context.Context, r *Request, reply Reply) outcome {
	err := rt.send.Send(ctx, r, reply)
	if err == nil {
		return outcome{}
	}
	again := passing(err) && r.again()
	line := zerolog.Ctx(ctx).Error()
	if again {
		line = zerolog.Ctx(ctx).Warn()
	}
	line.Err(err).Str("code", faultOf(err).code).Bool("again", again).Msg("a reply reached nobody")
	if !again {
		return outcome{}
	}
	r.act.reachedNobody(err) // it is said again, and its lane goes on meanwhile
	return outcome{}
}

// sendingTime is what an answer gets when the handler used up its own time, or the process stops meanwhile: the person
// hears of it all the same.
const sendingTime = 10 * time.Second

func sendingContext(ctx context.Context) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ctx.Err() == nil && (!ok || time.Until(end) > sendingTime) {
		return ctx, func() {}
	}
	return context.WithTimeout(context.WithoutCancel(ctx), sendingTime)
}

// outcomeOf is the metric's word for how a handler ended.
func outcomeOf(err error) string {
	if err == nil {
		return "ok"
	}
	if _, refused := errors.AsType[*AccessError](err); refused {
		return "refused"
	}
	if _, panicked := errors.AsType[*PanicError](err); panicked {
		return "panicked"
	}
	return "failed"
}
