package slacktest

import "time"

// modalsMax is how many modals may lie on each other (docs: views.push, push_limit_reached).
const modalsMax = 3

// triggerLife is how long a trigger id opens a modal (docs: interactivity, expired_trigger_id).
const triggerLife = 3 * time.Second

// trigger is a trigger id.
type trigger struct {
	user    *User
	ws      *Workspace
	expires time.Time
	used    bool
}

// newTrigger gives a trigger id. The caller holds mu.
func (s *Server) newTrigger(u *User) string {
	id := s.digits(13) + "." + s.digits(12) + "." + s.secret(32)
	s.triggers.put(id, &trigger{user: u, ws: u.ws, expires: s.opts.Now().Add(triggerLife)})
	return id
}

// trigger finds the trigger of the call. It is used up by whoever takes it.
func (c *call) trigger() (*trigger, *apiError) {
	id, err := c.need("trigger_id")
	if err != nil {
		return nil, err
	}
	t, ok := c.s.triggers.get(id)
	switch {
	case !ok || t.ws.in != c.in:
		return nil, fail("invalid_trigger_id")
	case t.used:
		return nil, fail("exchanged_trigger_id")
	case !c.s.opts.Now().Before(t.expires):
		return nil, fail("expired_trigger_id")
	}
	return t, nil
}

// view checks the view argument. Slack names a bad view invalid_arguments, not invalid_blocks.
func (c *call) view(on surface) (obj, *apiError) {
	raw := c.rawArg("view")
	if raw == nil {
		return nil, missing("view")
	}
	if len(raw) > viewMax {
		return nil, fail("view_too_large")
	}
	v, ok := parseObj(raw)
	if !ok {
		return nil, invalid("invalid_arguments", []problem{{"/view", "must be valid JSON"}})
	}
	if problems := checkView(v, on); len(problems) > 0 {
		return nil, invalid("invalid_arguments", problems)
	}
	return v, nil
}

// external refuses an external_id that another view of the team has.
func (c *call) external(raw obj, self *View) *apiError {
	id := raw.str("external_id")
	if id == "" {
		return nil
	}
	for _, v := range c.s.views {
		if v != self && v.in == c.in && v.ExternalID == id {
			return fail("duplicate_external_id")
		}
	}
	return nil
}

// viewsOpen opens a modal in place of whatever modals the person has open.
func viewsOpen(c *call) (reply, *apiError) {
	raw, err := c.view(inModal)
	if err != nil {
		return nil, err
	}
	if err := c.external(raw, nil); err != nil {
		return nil, err
	}
	t, err := c.trigger()
	if err != nil {
		return nil, err
	}
	t.used = true
	t.user.closeAll()
	v := c.s.newView(raw, t.user, t.ws)
	t.user.push(v)
	return reply{"view": v.payload()}, nil
}

func viewsPush(c *call) (reply, *apiError) {
	raw, err := c.view(inModal)
	if err != nil {
		return nil, err
	}
	if err := c.external(raw, nil); err != nil {
		return nil, err
	}
	t, err := c.trigger()
	if err != nil {
		return nil, err
	}
	switch n := len(t.user.modals); {
	case n == 0:
		return nil, fail("not_found")
	case n >= modalsMax:
		return nil, fail("push_limit_reached")
	}
	t.used = true
	v := c.s.newView(raw, t.user, t.ws)
	t.user.push(v)
	return reply{"view": v.payload()}, nil
}

// viewsUpdate changes an open modal, found by its id or external id. A hash that is not the current one is refused.
func viewsUpdate(c *call) (reply, *apiError) {
	raw, err := c.view(inModal)
	if err != nil {
		return nil, err
	}
	if (c.str("view_id") == "") == (c.str("external_id") == "") {
		return nil, missing("view_id or external_id")
	}
	v := c.s.views[c.str("view_id")]
	if id := c.str("external_id"); id != "" {
		for _, other := range c.s.views {
			if other.in == c.in && other.ExternalID == id {
				v = other
			}
		}
	}
	if v == nil || v.in != c.in || v.Type != "modal" {
		return nil, fail("not_found")
	}
	if h := c.str("hash"); h != "" && h != v.Hash {
		return nil, fail("hash_conflict")
	}
	if err := c.external(raw, v); err != nil {
		return nil, err
	}
	v.fill(raw)
	return reply{"view": v.payload()}, nil
}

// viewsPublish replaces a person's Home tab.
func viewsPublish(c *call) (reply, *apiError) {
	id, err := c.need("user_id")
	if err != nil {
		return nil, err
	}
	raw, err := c.view(inHome)
	if err != nil {
		return nil, err
	}
	u := c.s.users[id]
	if u == nil || u.bot || !u.visible(c.in) {
		return nil, fail("invalid_arguments")
	}
	if h := c.str("hash"); h != "" && (u.home == nil || h != u.home.Hash) {
		return nil, fail("hash_conflict")
	}
	if u.home == nil {
		u.home = c.s.newView(raw, u, u.ws)
	} else {
		u.home.fill(raw)
	}
	return reply{"view": u.home.payload()}, nil
}
