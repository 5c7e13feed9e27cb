// Package incidenttest is one Grafana stack's Incident API, simulated: it keeps incidents, their timelines, status
// updates, tasks, labels and fields, and answers the official client as the real one does, in tests and in the demo.
//
// The rule of the package: be as strict as the strictest account of the real API. A request without a body, with a
// field that no version of the API has, with a status the stack does not know or a body that is too long is refused,
// not mended. Where accounts of the real API contradict each other, an Option chooses, and the zero Options choose what
// grafana/gcx, Grafana's own command line tool, found on the live service: the severity of CreateIncident is ignored,
// SeveritiesService answers only outside /v1, and the paging cursor stands beside the query: one inside it is ignored, and
// the first page comes again.
//
// A Server listens on a loopback address. It starts empty, with the severities, statuses, roles and people every stack
// has; Seed fills it. Trouble is added with Fail, Sleep, Uninstall and Down, and what was heard is read with Calls.
// Everything may be called from several goroutines at once.
package incidenttest
