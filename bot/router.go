package bot

import (
	"context"

	"github.com/rs/zerolog"
)

// Router leads deliveries to their handlers and the replies to the sender.
type Router struct{}

// NewRouter panics when two routes have the same name, alias or id, or one lacks its handler: that is a mistake in the
// program.
func NewRouter(routes Routes, ws *Workspaces, send *Sender, log zerolog.Logger) *Router {
	return &Router{}
}

// Run handles a delivery to its end: it finds the route, checks who acts, runs the handler and sends the reply or the
// explanation of what went wrong.
func (rt *Router) Run(ctx context.Context, d Delivery) {}

// NeedsFast says whether Fast has to be asked before the delivery is put into the inbox. It waits for nothing.
func (rt *Router) NeedsFast(d Delivery) bool { return false }

// Fast does what cannot wait: it checks a submitted form, whose errors travel in the acknowledgement as payload, and
// opens forms. keep says whether the delivery still has to go through the inbox and Run.
func (rt *Router) Fast(ctx context.Context, d Delivery) (payload any, keep bool) { return nil, true }

// Lane names the queue in which the delivery runs. It waits for nothing.
func (rt *Router) Lane(d Delivery) string { return "" }

// Drain returns when the forms that are being filled are, or ctx is done.
func (rt *Router) Drain(ctx context.Context) {}
