// Package demo is the bot to be tried: a simulated Slack and a simulated Grafana stack on this machine, the real bot as
// a child process between them, and a terminal in which one types what one would type in Slack.
//
// The rule of the package: nothing of the bot is simulated. The child is this same executable, it is configured by its
// documented environment and by nothing else, and all that is shown is what the simulated Slack would show the person.
// The same commands come from a terminal, from a pipe or from a script; a script's transcript is the README's and is
// compared in tests.
package demo
