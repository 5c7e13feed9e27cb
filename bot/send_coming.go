package bot

import "sync"

// coming knows which labels have a message under way: one that waits for its channel's turn, or whose answer Slack has
// not given yet. An edit made meanwhile would miss it, and the message would show what is over until the next change.
type coming struct {
	mu      sync.Mutex
	byLabel map[labelKey]*comingPosts
}

// comingPosts exists while at least one message with the label is under way.
type comingPosts struct {
	count int
	edit  *pendingEdit // the one that shows the latest state, of those made meanwhile
}

func newComing() *coming { return &coming{byLabel: map[labelKey]*comingPosts{}} }

// begin says that a message with the label is under way; end has to follow.
func (c *coming) begin(key labelKey) {
	if key.label == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	posts, ok := c.byLabel[key]
	if !ok {
		posts = &comingPosts{}
		c.byLabel[key] = posts
	}
	posts.count++
}

// end says that the message is out and remembered, or will never be. It gives the edit that came meanwhile, nil for none.
func (c *coming) end(key labelKey) *pendingEdit {
	if key.label == "" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	posts := c.byLabel[key]
	if posts.count--; posts.count == 0 {
		delete(c.byLabel, key)
	}
	return posts.edit
}

// missed keeps an edit for the messages with its label that are under way, if there are any.
func (c *coming) missed(key labelKey, edit pendingEdit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if posts, ok := c.byLabel[key]; ok && (posts.edit == nil || !edit.older(posts.edit.at)) {
		posts.edit = &edit
	}
}
