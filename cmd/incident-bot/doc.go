// Command incident-bot puts a Grafana Incident stack into Slack. This package turns the environment, the arguments and
// the signals of a process into the two sides of the bridge and back into an exit code; what people can say is in
// handlers, Slack's side in bot, Grafana's side in incident.
//
// The rule of the package: everything that can be wrong before the first call is said at once, to people, on standard
// error, with its fix; what happens later is a line of the log, on standard output. The environment is read here and
// nowhere else.
package main
