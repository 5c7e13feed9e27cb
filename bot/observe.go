package bot

import "time"

// observer counts what the router and the sender do. Its label values come from lists of ours and of Slack's: routes,
// methods, error names.
type observer interface {
	// handled is told of each delivery that a route ran for, and how it ended: "ok", "refused", "failed" or "panicked".
	handled(kind Kind, route, outcome string, took time.Duration)
	// unknownWorkspace is told of a delivery of a workspace without a token.
	unknownWorkspace(kind Kind)
	// looked is told how a look for an effect ended: "found", "missing" or "failed".
	looked(outcome string)
	// called is told of each call to Slack: outcome is "ok" or the code of what went wrong.
	called(method, outcome string, took time.Duration)
}

// unobserved counts nothing.
type unobserved struct{}

func (unobserved) handled(Kind, string, string, time.Duration) {}
func (unobserved) looked(string)                               {}
func (unobserved) unknownWorkspace(Kind)                       {}
func (unobserved) called(string, string, time.Duration)        {}
