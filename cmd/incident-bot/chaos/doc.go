// Package chaos keeps the books of a bot to which everything happens: people type hundreds of commands into a fake
// Slack, the real binary serves them against a fake Grafana that takes its time, and meanwhile the process is killed,
// deliveries come twice, connections are cut around the commit, sockets are dropped, the stack is gone, the disk is full.
//
// The rule of the package is that only two things count: what is in Grafana, and what the person who typed reads in
// Slack. Of every act that Slack was told is received, there is exactly one effect and a final answer, and no answer
// says what is not so. An act that was not received has one effect at most. A keeper counts what falls short of that
// (lost, doubled, unanswered, false), and every scenario ends with four zeros. The keeper has tests of its own: one that
// sees nothing would find nothing.
//
// Each scenario has a seed, which it prints with its configuration. CHAOS=full runs the sizes of the printed claims;
// without it the same scenarios are smaller.
package chaos
