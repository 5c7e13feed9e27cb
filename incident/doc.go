// Package incident is Grafana's side of the bridge: what a person wants from the Incident API of one Grafana stack, with
// that stack's own token, and one kind of error. It knows no Slack.
//
// The rule of the package: an answer is believed only when it proves what it says. The official client, incident-go,
// takes every JSON body without a string "error" for success, whatever its status: a 401 "declares" an incident without
// an id. So its requests go through a guard, an http.RoundTripper that looks at the status first, reads a bounded body,
// follows no redirect and lets nothing pass but a JSON object without an in-band error. Whatever else comes back is an
// *Error. What passes is checked once more for the id it must hold, for the severity that Grafana may have ignored, for
// the status that it may not have understood.
//
// The second rule: a change is sent again only if it is proved that it did not happen. That is so when no connection
// came about, when Grafana said 429, and when it said 503 before it reached the plugin. Every other failure of a change
// is Uncertain: the caller has to look, with Attached, Noted and Updated. Reads are repeated with jitter. net/http
// itself sends a POST again only when not a byte of it was written; the guard refuses the one replay of HTTP/2 that is
// no such proof (see request).
//
// The files: stack.go and call.go make a call; guard.go runs its attempts, answer.go reads what came back, verdict.go
// judges it, said.go and plain.go find Grafana's words in it; retry.go and base.go say what is tried again, and where;
// cache.go keeps the stack's lists (severities, statuses, roles, users). The rest is one file for each thing that a person
// can want.
package incident
