package bot

import "context"

// Labels knows which message shows what.
type Labels struct{}

// At gives the label of the message, as far as it can be known; it may ask Slack.
func (l *Labels) At(ctx context.Context, workspace, channel, ts string) (label string, ok bool) {
	return "", false
}

// Labels gives the labels of what this sender posted.
func (s *Sender) Labels() *Labels { return nil }
