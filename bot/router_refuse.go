package bot

import (
	"context"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
)

// Refuse tells the person who acted that a delivery was not taken, and why; nothing else comes of it. Whoever refused it
// has logged that.
func (rt *Router) Refuse(ctx context.Context, d Delivery, why error) {
	rt.refuse(ctx, &Request{Delivery: d}, why)
}

// GiveUp tells the person whose act it is that nothing more is tried.
func (rt *Router) GiveUp(ctx context.Context, a *act, why error) {
	a.givenUp = true
	rt.refuse(ctx, &Request{Delivery: a.Delivery, act: a}, why)
}

func (rt *Router) refuse(ctx context.Context, of *Request, why error) {
	r, one := rt.request(of.Delivery)
	r.act, r.last, r.Ref, r.Now = of.act, true, refOf(of.Key), time.Now()
	ctx, cancel := sendingContext(rt.logger(r).WithContext(ctx))
	defer cancel()
	if r.act == nil && r.ws != nil {
		rt.deliver(ctx, r, rt.explained(ctx, r, why))
		return
	}
	rt.giveUp(ctx, r, one, why)
}

// giveUp tells the person that nothing comes of a request. one is its target, nil when there is none.
func (rt *Router) giveUp(ctx context.Context, r *Request, one *target, why error) outcome {
	if r.ws == nil {
		return rt.notConnected(ctx, r)
	}
	if one == nil {
		one = rt.table.unknown
	}
	o := rt.failed(ctx, r, one, why)
	if !o.later() {
		o.dead, o.why = true, why.Error()
	}
	return o
}

// Refusal is Refuse for a submitted form that is still open: the payload of the acknowledgement, which shows why under
// the first input. It is nil when the form has none.
func (rt *Router) Refusal(d Delivery, why error) any {
	r, _ := rt.request(d)
	r.Ref, r.Now = refOf(d.Key), time.Now()
	first := ""
	for id := range r.View.Values {
		if first == "" || id < first {
			first = id
		}
	}
	if first == "" || !d.AcceptsPayload {
		return nil
	}
	said := rt.explained(rt.logger(r).WithContext(context.Background()), r, why)
	sentence, _, _ := strings.Cut(blocks.Plain(said.Answer.Text), "\n")
	return slack.NewErrorsViewSubmissionResponse(map[string]string{first: blocks.Cut(sentence, maxFieldError)})
}

// notConnected answers for a workspace that no token is configured for. Only a response URL can answer there.
func (rt *Router) notConnected(ctx context.Context, r *Request) outcome {
	zerolog.Ctx(ctx).Warn().Str("team", r.Installation.TeamID).Str("enterprise", r.Installation.EnterpriseID).
		Err(errNotConnected).Msg("delivery of a workspace that is not configured")
	rt.observe.unknownWorkspace(r.Kind)
	if !r.Response.live(time.Now()) {
		return outcome{}
	}
	ctx, cancel := sendingContext(ctx)
	defer cancel()
	return rt.deliver(ctx, r, Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf(
		"This workspace is not connected to incident-bot, so nothing was done. Whoever runs incident-bot can add the workspace's bot token to its configuration (team %s). ref %s",
		firstOf(r.Installation.TeamID, r.Installation.EnterpriseID), r.Ref))}})
}

// disconnected keeps what an earlier process began for a workspace whose token is configured no more. It may be a mistake
// that the next start puts right, and what was done already cannot be called not done.
func (rt *Router) disconnected(ctx context.Context, r *Request) outcome {
	zerolog.Ctx(ctx).Warn().Str("team", r.Installation.TeamID).Str("enterprise", r.Installation.EnterpriseID).
		Err(errNotConnected).Msg("delivery of a workspace that is configured no more waits")
	rt.observe.unknownWorkspace(r.Kind)
	return outcome{due: againAt(r, longestPause), why: "this workspace is not connected to incident-bot any more", firm: true}
}

// unregistered answers a click or form that this version does not know.
func (rt *Router) unregistered(ctx context.Context, r *Request) outcome {
	if r.Kind == Click && (blocks.IsLink(r.Action.ID) || r.Action.ID == "") {
		return outcome{} // a link opened its page; there is nothing to do for it
	}
	zerolog.Ctx(ctx).Warn().Str("action", r.Action.ID).Str("callback", r.View.CallbackID).Msg("nothing is registered for this")
	rt.observe.handled(r.Kind, "none", "unregistered", 0)
	what := "button"
	if r.Kind == Submission {
		what = "form"
	}
	ctx, cancel := sendingContext(ctx)
	defer cancel()
	return rt.deliver(ctx, r, Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf(
		"This %s is from an older version of incident-bot, so nothing was done. Please type the command instead. ref %s", what, r.Ref))}})
}
