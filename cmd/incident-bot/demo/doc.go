// Package demo lets one try the bot: a simulated Slack and a simulated Grafana stack on this machine, the real bot as a
// child process between them, and a terminal in which one types what one would type in Slack.
//
// The rule of the package: nothing of the bot is simulated. The child is this same executable; it is configured by its
// documented environment and by nothing else, inherits nothing, and is talked to over the wire protocols alone. All that
// is shown is what Slack would show the person, and what the stack holds.
//
// The same commands come from a terminal (terminal, editor…), from a pipe or from a script (script, play). In a terminal
// what happens is shown when it happens, above the line that is being typed. In a script each line waits until all that
// came of it is there, and what differs from run to run is evened out (steady), so that a transcript can be compared:
// the README's is one.
//
// Files: world, slow, keeper and child are what runs; session, feed and settle are who sees what when; commands, click,
// form, places, trouble and stack are what can be typed; message, card and draw… are what it looks like; text…, style
// and console are the terminal.
package demo
