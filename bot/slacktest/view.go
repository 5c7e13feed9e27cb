package slacktest

import "encoding/json"

// View is an open modal or a Home tab. Values handed out are copies.
type View struct {
	ID, CallbackID, Hash string
	Title                string
	PrivateMetadata      string
	ExternalID           string
	Blocks               json.RawMessage
	Errors               map[string]string // by block id, as the last submission was answered

	raw   map[string]any
	user  *User
	owner *install
	ws    *Workspace
	ch    *Channel
	state map[string]map[string]any // block id, action id
}

// View is the top modal the person has open; nil when there is none.
func (u *User) View() *View {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	v := u.top()
	if v == nil {
		return nil
	}
	out := *v
	return &out
}

func (u *User) top() *View {
	if len(u.modals) == 0 {
		return nil
	}
	return u.modals[len(u.modals)-1]
}
