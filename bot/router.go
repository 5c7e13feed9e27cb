package bot

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"incident-bot/bot/blocks"
)

// Router leads deliveries to their handlers and the replies to the sender.
type Router struct {
	table   table
	explain func(r *Request, err error) Reply
	delay   func(r *Request, err error) (Delay, bool)
	waiting func(r *Request, w Wait) blocks.Message
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
		table: newTable(routes), explain: routes.Explain, delay: routes.Later, waiting: routes.Waiting, ws: ws, people: ws.People(), send: send, log: log,
		observe: unobserved{}, filling: make(chan struct{}, fillsAtOnce),
	}
}

// Run handles an act: it finds the route, checks who acts, runs the handler and sends the reply or the explanation of
// what went wrong, unless that may pass: then it says when to run it again. ctx bounds the handler.
func (rt *Router) Run(ctx context.Context, a *act) outcome {
	r, one := rt.request(a.Delivery)
	r.act, r.Ref, r.Now = a, refOf(a.Key), time.Now()
	ctx = rt.logger(r).WithContext(ctx)
	switch {
	case r.ws == nil && a.restored && !tooOld(r):
		return rt.disconnected(ctx, r)
	case a.suspect:
		return rt.giveUp(ctx, r, one, errSuspect)
	case r.ws == nil:
		return rt.notConnected(ctx, r)
	case one == nil:
		return rt.unregistered(ctx, r)
	}
	return rt.dispatch(ctx, r, one, 1)
}

// request makes the request of a delivery and finds its target. It asks nobody.
func (rt *Router) request(d Delivery) (*Request, *target) {
	if d.Kind == Submission || d.Kind == Click && d.View.ID != "" {
		d.unwrap()
	}
	r := &Request{Delivery: d, people: rt.people, observe: rt.observe}
	bot := ""
	if one, ok := rt.ws.lookup(d.Installation); ok {
		r.ws, r.Workspace, bot = one, one.id(), one.botUser()
	} else {
		r.Workspace = firstOf(d.Installation.TeamID, d.Installation.EnterpriseID)
	}
	return r, rt.table.find(r, bot)
}

// logger makes the log of one request.
func (rt *Router) logger(r *Request) *zerolog.Logger {
	line := rt.log.Hook(requestFields{r.Ref, r.Workspace, r.Kind})
	return &line
}

// requestFields says in each line whose it is. Most requests log nothing, so the fields are written when a line is.
type requestFields struct {
	ref, workspace string
	kind           Kind
}

func (f requestFields) Run(e *zerolog.Event, _ zerolog.Level, _ string) {
	e.Str("ref", f.ref).Str("workspace", f.workspace).Str("kind", string(f.kind))
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
	switch {
	case one != nil && one.lane != nil:
		return one.lane(r)
	case one != nil && one.access == Read:
		return ReadLane(r) // what only reads waits neither behind what cannot be done at present nor behind others
	}
	return place
}

// ReadLane is the lane of what a person only reads in a place.
func ReadLane(r *Request) string { return "read/" + r.Place.ChannelID + "/" + r.Actor.UserID }

// Drain returns when the forms that are being filled are, or ctx is done.
func (rt *Router) Drain(ctx context.Context) {
	done := make(chan struct{})
	go func() { rt.fills.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
}
