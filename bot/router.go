package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"incident-bot/bot/blocks"
)

// Router leads deliveries to their handlers and the replies to the sender.
type Router struct {
	table   table
	explain func(r *Request, err error) Reply
	ws      *Workspaces
	people  *People
	send    *Sender
	log     zerolog.Logger
	observe observer

	fills   sync.WaitGroup
	filling chan struct{}
}

// NewRouter panics when two routes have the same name, alias or id, or one lacks its handler: that is a mistake in the
// program.
func NewRouter(routes Routes, ws *Workspaces, send *Sender, log zerolog.Logger) *Router {
	return &Router{
		table: newTable(routes), explain: routes.Explain, ws: ws, people: ws.People(), send: send, log: log,
		observe: unobserved{}, filling: make(chan struct{}, fillsAtOnce),
	}
}

// maxHops is how many runs one delivery may lead to: its own, and one that its reply asks for.
const maxHops = 2

// Run handles a delivery to its end: it finds the route, checks who acts, runs the handler and sends the reply or the
// explanation of what went wrong. ctx bounds the handler.
func (rt *Router) Run(ctx context.Context, d Delivery) {
	r, one := rt.request(d)
	r.Ref, r.Now = newRef(), time.Now()
	ctx = rt.logger(r).WithContext(ctx)
	if r.ws == nil {
		rt.notConnected(ctx, r)
		return
	}
	if one == nil {
		rt.unregistered(ctx, r)
		return
	}
	rt.dispatch(ctx, r, one, 1)
}

// request makes the request of a delivery and finds its target. It asks nobody.
func (rt *Router) request(d Delivery) (*Request, *target) {
	if d.Kind == Submission || d.Kind == Click && d.View.ID != "" {
		d.unwrap()
	}
	r := &Request{Delivery: d}
	bot := ""
	if one, ok := rt.ws.lookup(d.Installation); ok {
		r.ws, r.Workspace, bot = one, one.id(), one.botUser()
	} else {
		r.Workspace = firstOf(d.Installation.TeamID, d.Installation.EnterpriseID)
	}
	r.who = func(ctx context.Context) (Person, error) { return rt.people.Get(ctx, r.Workspace, r.Actor.UserID) }
	return r, rt.table.find(r, bot)
}

func (rt *Router) logger(r *Request) *zerolog.Logger {
	line := rt.log.With().Str("ref", r.Ref).Str("workspace", r.Workspace).Str("kind", string(r.Kind)).Logger()
	return &line
}

// dispatch runs one target and sends what it says.
func (rt *Router) dispatch(ctx context.Context, r *Request, one *target, hop int) {
	reply, err := rt.handle(ctx, r, one)
	rt.observe.handled(r.Kind, one.name, outcome(err), time.Since(r.Now))
	if err == nil && reply.Run != "" {
		rt.runWords(ctx, r, reply.Run, hop)
	}
	sending, cancel := sendingContext(ctx)
	defer cancel()
	if err != nil {
		rt.failed(sending, r, one, err)
		return
	}
	rt.deliver(sending, r, reply)
	zerolog.Ctx(ctx).Debug().Str("route", one.name).Dur("took", time.Since(r.Now)).Msg("handled")
}

// runWords runs words in place of what was said, as the same person in the same place.
func (rt *Router) runWords(ctx context.Context, r *Request, words string, hop int) {
	if hop >= maxHops {
		zerolog.Ctx(ctx).Error().Msg("a reply's words lead to more words; not run")
		return
	}
	again := *r
	again.Text = words
	again.who = func(ctx context.Context) (Person, error) {
		return rt.people.Get(ctx, again.Workspace, again.Actor.UserID)
	}
	one := rt.table.say(&again, words)
	if form := rt.formOf(&again, one); form != nil {
		rt.openForm(ctx, &again, one, form)
		return
	}
	rt.dispatch(ctx, &again, one, hop+1)
}

// handle checks who acts and runs the handler. A panic becomes an error.
func (rt *Router) handle(ctx context.Context, r *Request, one *target) (reply Reply, err error) {
	defer func() {
		if v := recover(); v != nil {
			zerolog.Ctx(ctx).Error().Str("route", one.name).Bytes("stack", debug.Stack()).Msg("handler panicked")
			reply, err = Reply{}, &PanicError{Value: v}
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

// failed explains an error to the person and logs it, once.
func (rt *Router) failed(ctx context.Context, r *Request, one *target, err error) {
	log := zerolog.Ctx(ctx)
	line := log.Warn()
	if _, refused := errors.AsType[*AccessError](err); refused {
		line = log.Info()
	}
	line.Err(err).Str("route", one.name).Msg("not done")
	rt.deliver(ctx, r, rt.explained(ctx, r, err))
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

// deliver sends a reply; what reached nobody is logged here and nowhere else.
func (rt *Router) deliver(ctx context.Context, r *Request, reply Reply) {
	if err := rt.send.Send(ctx, r, reply); err != nil {
		zerolog.Ctx(ctx).Error().Err(err).Str("code", faultOf(err).code).Msg("a reply reached nobody")
	}
}

// notConnected answers for a workspace that no token is configured for. Only a response URL can answer there.
func (rt *Router) notConnected(ctx context.Context, r *Request) {
	zerolog.Ctx(ctx).Warn().Str("team", r.Installation.TeamID).Str("enterprise", r.Installation.EnterpriseID).
		Err(errNotConnected).Msg("delivery of a workspace that is not configured")
	rt.observe.handled(r.Kind, "none", "not_connected", 0)
	if !r.Response.live(time.Now()) {
		return
	}
	ctx, cancel := sendingContext(ctx)
	defer cancel()
	rt.deliver(ctx, r, Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf(
		"This workspace is not connected to incident-bot, so nothing was done. Whoever runs incident-bot can add the workspace's bot token to its configuration (team %s). ref %s",
		firstOf(r.Installation.TeamID, r.Installation.EnterpriseID), r.Ref))}})
}

// unregistered answers a click or form that this version does not know.
func (rt *Router) unregistered(ctx context.Context, r *Request) {
	if r.Kind == Click && (blocks.IsLink(r.Action.ID) || r.Action.ID == "") {
		return // a link opened its page; there is nothing to do for it
	}
	zerolog.Ctx(ctx).Warn().Str("action", r.Action.ID).Str("callback", r.View.CallbackID).Msg("nothing is registered for this")
	rt.observe.handled(r.Kind, "none", "unregistered", 0)
	what := "button"
	if r.Kind == Submission {
		what = "form"
	}
	ctx, cancel := sendingContext(ctx)
	defer cancel()
	rt.deliver(ctx, r, Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf(
		"This %s is from an older version of incident-bot, so nothing was done. Please type the command instead. ref %s", what, r.Ref))}})
}

// sendingTime is what an answer gets when the handler used up its own time, or the process stops meanwhile: the person
// hears of it all the same.
const sendingTime = 10 * time.Second

func sendingContext(ctx context.Context) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ctx.Err() == nil && (!ok || time.Until(end) > sendingTime) {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(context.WithoutCancel(ctx), sendingTime)
}

// outcome is the metric's word for how a handler ended.
func outcome(err error) string {
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

// Lane names the queue in which the delivery runs: its workspace and the route's lane, which is the place's unless the
// route says otherwise. It waits for nothing.
func (rt *Router) Lane(d Delivery) string {
	r, one := rt.request(d)
	return r.Workspace + "/" + laneOf(r, one)
}

func laneOf(r *Request, one *target) (lane string) {
	place := firstOf(r.Place.ChannelID, r.Actor.UserID)
	defer func() {
		if recover() != nil || lane == "" {
			lane = place // the handler will panic again, where it is explained
		}
	}()
	if one == nil || one.lane == nil {
		return place
	}
	return one.lane(r)
}

// Drain returns when the forms that are being filled are, or ctx is done.
func (rt *Router) Drain(ctx context.Context) {
	done := make(chan struct{})
	go func() { rt.fills.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
}
