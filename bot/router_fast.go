package bot

import (
	"context"
	"slices"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
)

// NeedsFast says whether Fast has to be asked before the delivery is put into the inbox: for a submitted form that may
// be refused, and for words or a click that open a form. It waits for nothing.
func (rt *Router) NeedsFast(d Delivery) bool {
	if d.Kind != Submission && !d.Trigger.live(time.Now()) {
		return false
	}
	r, one := rt.request(d)
	if one == nil || r.ws == nil {
		return false
	}
	if d.Kind == Submission {
		return one.check != nil && d.AcceptsPayload
	}
	return rt.formOf(r, one) != nil
}

// Fast does what cannot wait: it checks a submitted form, whose errors travel in the acknowledgement as payload, and
// opens forms. keep says whether the delivery still has to go through the inbox and Run.
func (rt *Router) Fast(ctx context.Context, d Delivery) (payload any, keep bool) {
	r, one := rt.request(d)
	if one == nil || r.ws == nil {
		return nil, true
	}
	r.Ref, r.Now = newRef(), time.Now()
	ctx = rt.logger(r).WithContext(ctx)
	if d.Kind == Submission {
		if wrong := rt.check(ctx, r, one); len(wrong) > 0 {
			return slack.NewErrorsViewSubmissionResponse(wrong), false
		}
		return nil, true
	}
	form := rt.formOf(r, one)
	if form == nil {
		return nil, true
	}
	rt.openForm(ctx, r, one, form)
	return nil, false
}

// live says whether a trigger may still open a form.
func (t Trigger) live(now time.Time) bool {
	return !t.ID.IsZero() && (t.Expires.IsZero() || now.Before(t.Expires))
}

// formOf gives the form that a request opens, nil when it opens none.
func (rt *Router) formOf(r *Request, one *target) (form *Form) {
	if one.form == nil || !r.Trigger.live(time.Now()) {
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			rt.log.Error().Str("route", one.name).Type("panic", v).Msg("making a form panicked")
			form = nil // the route's Run answers
		}
	}()
	if r.Now.IsZero() {
		r.Now = time.Now()
	}
	return one.form(r)
}

// check gives what is wrong in a submitted form, by block id. Slack shows "trouble connecting" for an id that is no
// input of the view (slack-go: NewErrorsViewSubmissionResponse), so such a sentence goes to the first input.
func (rt *Router) check(ctx context.Context, r *Request, one *target) (wrong map[string]string) {
	if one.check == nil {
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			zerolog.Ctx(ctx).Error().Str("route", one.name).Type("panic", v).Msg("checking a form panicked")
			wrong = nil // Run finds what is wrong, or panics where it is explained
		}
	}()
	said := one.check(r)
	wrong = make(map[string]string, len(said))
	inputs := make([]string, 0, len(r.View.Values))
	for id := range r.View.Values {
		inputs = append(inputs, id)
	}
	slices.Sort(inputs)
	for id, sentence := range said {
		if _, ok := r.View.Values[id]; !ok && len(inputs) > 0 {
			id = inputs[0]
		}
		wrong[id] = blocks.Cut(sentence, maxFieldError)
	}
	return wrong
}

// maxFieldError keeps a sentence under an input readable; Slack documents no limit.
const maxFieldError = 300
