package bot

import "context"

// People looks persons up and remembers them for a while.
type People struct{}

// Get looks a person up by workspace and user id.
func (p *People) Get(ctx context.Context, workspace, user string) (Person, error) {
	return Person{}, nil
}

// People gives the persons of these workspaces.
func (w *Workspaces) People() *People { return nil }
