package slacktest

import (
	"encoding/json"
	"maps"
)

// View is an open modal or a Home tab. Values handed out are copies.
type View struct {
	ID, Hash        string
	Type            string // modal or home
	CallbackID      string
	ExternalID      string
	PrivateMetadata string
	Title           string
	Blocks          json.RawMessage // with the block ids that Slack gave
	// Errors are the sentences under the inputs, by block id, as the last submission was answered.
	Errors map[string]string
	// Trouble is what Slack shows when a submission was not acknowledged or badly answered: "trouble connecting".
	Trouble string

	s        *Server
	raw      obj // as sent, with block ids
	user     *User
	in       *install
	ws       *Workspace
	root     string
	previous string
	inputs   inputs
}

// inputs is the state of a view: block id, action id, value as Slack writes it.
type inputs map[string]map[string]obj

// View is a copy of the top modal the person has open; nil when there is none.
func (u *User) View() *View {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.top().copy()
}

// Modals counts the modals on the person's stack.
func (u *User) Modals() int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return len(u.modals)
}

// Home is a copy of the person's published Home tab; nil when there is none.
func (u *User) Home() *View {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.home.copy()
}

func (v *View) copy() *View {
	if v == nil {
		return nil
	}
	out := *v
	out.Errors, out.inputs = maps.Clone(v.Errors), inputs{}
	for id, actions := range v.inputs {
		out.inputs[id] = maps.Clone(actions)
	}
	return &out
}

func (u *User) top() *View {
	if len(u.modals) == 0 {
		return nil
	}
	return u.modals[len(u.modals)-1]
}

// newView makes a view out of checked JSON. The caller holds mu.
func (s *Server) newView(raw obj, u *User, w *Workspace) *View {
	v := &View{ID: s.id("V"), s: s, user: u, ws: w, in: w.in}
	v.root = v.ID
	v.fill(raw)
	s.views[v.ID] = v
	return v
}

// fill puts new content into the view. What was entered stays where block and action keep their ids.
func (v *View) fill(raw obj) {
	s := v.s
	raw["blocks"] = s.blocksWithIDs(raw.list("blocks"))
	v.raw = raw
	v.Hash = s.ts()[:10] + "." + s.secret(8)
	v.Type, v.CallbackID, v.ExternalID = raw.str("type"), raw.str("callback_id"), raw.str("external_id")
	v.PrivateMetadata, v.Title = raw.str("private_metadata"), raw.obj("title").str("text")
	v.Blocks = mustJSON(raw["blocks"])
	v.Errors, v.Trouble = nil, ""
	v.inputs = initialInputs(raw.list("blocks"), v.inputs)
	s.touch()
}

// close takes the view off its person's stack. The caller holds mu.
func (v *View) close() {
	kept := v.user.modals[:0]
	for _, m := range v.user.modals {
		if m != v {
			kept = append(kept, m)
		}
	}
	v.user.modals = kept
	delete(v.s.views, v.ID)
	v.s.touch()
}

// closeAll empties the person's stack. The caller holds mu.
func (u *User) closeAll() {
	for _, m := range u.modals {
		delete(u.s.views, m.ID)
	}
	u.modals = nil
	u.s.touch()
}

// push puts a new view on the person's stack. The caller holds mu.
func (u *User) push(v *View) {
	if top := u.top(); top != nil {
		v.root, v.previous = top.root, top.ID
	}
	u.modals = append(u.modals, v)
	u.s.touch()
}

// payload is the view as Slack shows it to the app. The caller holds mu.
func (v *View) payload() obj {
	out := obj{
		"id": v.ID, "team_id": v.ws.TeamID, "type": v.Type, "blocks": v.raw["blocks"], "private_metadata": v.PrivateMetadata,
		"callback_id": v.CallbackID, "state": obj{"values": v.inputs}, "hash": v.Hash, "title": v.raw["title"],
		"clear_on_close": v.raw.bool("clear_on_close"), "notify_on_close": v.raw.bool("notify_on_close"),
		"close": v.raw["close"], "submit": v.raw["submit"], "previous_view_id": nil, "root_view_id": v.root,
		"app_id": v.s.appID, "external_id": v.ExternalID, "app_installed_team_id": v.in.home(v.ws), "bot_id": v.in.botID,
	}
	if v.previous != "" {
		out["previous_view_id"] = v.previous
	}
	return out
}

// home is what app_installed_team_id says: the team, or the organisation of an org-wide installation.
func (in *install) home(w *Workspace) string {
	if in.org() {
		return in.enterprise
	}
	return w.TeamID
}
