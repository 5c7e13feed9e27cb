package main

import (
	"context"

	"incident-bot/cmd/incident-bot/demo"
)

// runDemo runs the bot against a simulated Slack and a simulated stack.
func runDemo(ctx context.Context, p process, args []string) int {
	return demo.Run(ctx, demo.Options{Args: args, Stdin: p.stdin, Stdout: p.stdout, Stderr: p.stderr})
}
