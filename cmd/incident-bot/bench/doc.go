// Package bench measures the whole process from outside: what one command costs from the frame that Slack sends to the
// answer that Slack gets. The bot is the real binary, started by its documented environment. Beside it, in the same
// run and against the same fakes, stand two that people would write: a bare loop with fixed JSON, which is the floor,
// and slack-go's own socketmode handler doing the same job. All three are children of the test, so that the CPU
// of the fakes is not counted; figures are ratios of one run.
package bench
