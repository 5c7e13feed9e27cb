package bot

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
)

// fillsAtOnce bounds the forms that are being filled at a time.
const fillsAtOnce = 64

// fillTime is how long the complete view of a form may take; the person looks at a waiting form meanwhile.
const fillTime = 15 * time.Second

// openForm opens a form and starts filling it. Who acts is checked when the form is submitted, as users.info may take
// longer than the trigger lives; only somebody known already is refused here.
func (rt *Router) openForm(ctx context.Context, r *Request, one *target, form *Form) outcome {
	if err := rt.refusedAtOnce(r, one.access); err != nil {
		return rt.failed(ctx, r, one, err)
	}
	view := wrapped(r, form.View)
	opened, err := rt.open(ctx, r, view)
	rt.observe.handled(r.Kind, one.name, outcomeOf(err), time.Since(r.Now))
	if err != nil {
		sending, cancel := sendingContext(ctx)
		defer cancel()
		return rt.failed(sending, r, one, err)
	}
	if form.Fill == nil {
		return outcome{}
	}
	rt.fills.Add(1)
	fill := func() {
		defer rt.fills.Done()
		rt.fill(ctx, r, form, opened)
	}
	select {
	case rt.filling <- struct{}{}:
		go func() {
			defer func() { <-rt.filling }()
			fill()
		}()
	default:
		fill() // so many forms at once that this one's acknowledgement waits for it
	}
	return outcome{}
}

// open opens the view on top of what is open. The error is a *FormError.
func (rt *Router) open(ctx context.Context, r *Request, view slack.ModalViewRequest) (*slack.ViewResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	method, call := "views.open", r.ws.api.OpenViewContext
	if r.View.ID != "" {
		method, call = "views.push", r.ws.api.PushViewContext
	}
	start := time.Now()
	opened, err := call(ctx, r.Trigger.ID.Reveal(), view)
	r.ws.note(err)
	f := faultOf(err)
	rt.observe.called(method, firstOf(f.code, "ok"), time.Since(start))
	if err == nil {
		return opened, nil
	}
	switch f.code {
	case "expired_trigger_id", "exchanged_trigger_id", "trigger_exchanged", "invalid_trigger", "invalid_trigger_id":
		return nil, &FormError{Expired: true, Err: err}
	}
	return nil, &FormError{Err: err}
}

// fill puts the complete view in the place of the open one. When it cannot be had, the view says so: a form that waits
// for ever is a silence.
func (rt *Router) fill(ctx context.Context, r *Request, form *Form, opened *slack.ViewResponse) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fillTime)
	defer cancel()
	view, err := safeFill(ctx, form)
	if err != nil {
		zerolog.Ctx(ctx).Warn().Err(err).Msg("a form could not be filled")
		reply := rt.explained(ctx, r, &FormError{Err: err})
		view = sentence(form.View, reply.Answer.Text)
		var late context.CancelFunc
		ctx, late = sendingContext(ctx)
		defer late()
	}
	calling, done := context.WithTimeout(ctx, callTimeout)
	defer done()
	start := time.Now()
	_, err = r.ws.api.UpdateViewContext(calling, wrapped(r, view), "", opened.View.Hash, opened.View.ID)
	r.ws.note(err)
	f := faultOf(err)
	rt.observe.called("views.update", firstOf(f.code, "ok"), time.Since(start))
	switch f.code {
	case "", "not_found", "view_not_found", "hash_conflict": // closed or sent meanwhile
		return
	}
	zerolog.Ctx(ctx).Warn().Err(err).Str("code", f.code).Strs("detail", f.detail).Msg("a form stays without its complete view")
}

// safeFill turns a panic into an error.
func safeFill(ctx context.Context, form *Form) (view slack.ModalViewRequest, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return form.Fill(ctx)
}

// wrapped gives the view the place it was opened from.
func wrapped(r *Request, view slack.ModalViewRequest) slack.ModalViewRequest {
	view.PrivateMetadata = wrapMetadata(r, view.PrivateMetadata)
	return view
}

// sentence is a view that says one thing.
func sentence(like slack.ModalViewRequest, text blocks.Mrkdwn) slack.ModalViewRequest {
	title := ""
	if like.Title != nil {
		title = like.Title.Text
	}
	return blocks.Modal(like.CallbackID, title, "", "", blocks.Section(text))
}
