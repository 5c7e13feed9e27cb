package bot

import (
	"context"
	"errors"
)

// allowed says whether the person who acted may use a route; the error is an *AccessError. Slack shows a button to
// everybody in a channel, so each click and submission is asked again.
func (rt *Router) allowed(ctx context.Context, r *Request, access Access) error {
	if access == Read {
		return nil
	}
	if r.Actor.UserID == "" {
		return &AccessError{Reason: Unknown, Err: errors.New("the delivery names nobody")}
	}
	who, err := rt.people.profile(ctx, r.Workspace, r.Actor.UserID)
	if err == nil {
		return judge(who)
	}
	switch f := faultOf(err); f.code {
	case "user_not_found", "user_not_visible":
		return &AccessError{Reason: Stranger, Err: err} // docs: users.info shows people of other workspaces only at times
	case "unknown_method":
		// A Slack without users.info (a proxy, a small fake): the payload's word is all there is.
		if r.Actor.TeamID != "" && r.Actor.TeamID == firstOf(r.Installation.TeamID, r.Installation.EnterpriseID) {
			return nil
		}
	}
	return &AccessError{Reason: Unknown, Err: err}
}

// judge applies the rule to a known person.
func judge(who profile) error {
	switch {
	case who.Bot || who.deleted:
		return &AccessError{Reason: Robot}
	case who.Stranger:
		return &AccessError{Reason: Stranger}
	case who.Guest:
		return &AccessError{Reason: Guest}
	}
	return nil
}

// refusedAtOnce says whether somebody is known already to be refused, without asking anybody.
func (rt *Router) refusedAtOnce(r *Request, access Access) error {
	if access == Read {
		return nil
	}
	known, ok := rt.people.remembered(r.Workspace, r.Actor.UserID)
	if !ok || known.err != nil {
		return nil
	}
	return judge(known.profile)
}
