package slacktest

import (
	"encoding/json"
	"strings"
)

func authTest(c *call) (reply, *apiError) {
	out := reply{
		"url": "https://slack.com/", "user": "incident-bot", "user_id": c.in.botUser, "bot_id": c.in.botID,
		"is_enterprise_install": c.in.org(),
	}
	if w := c.in.team; w != nil {
		out["url"], out["team"], out["team_id"] = "https://"+w.Domain+".slack.com/", w.Name, w.TeamID
	} else {
		// An org-wide token names the organisation where a workspace's names its team.
		out["url"], out["team"], out["team_id"] = "https://"+slug(c.in.entName)+".enterprise.slack.com/", c.in.entName, c.in.enterprise
	}
	if c.in.enterprise != "" {
		out["enterprise_id"] = c.in.enterprise
	}
	return out, nil
}

// connectionsOpen gives an address whose ticket opens one socket.
func connectionsOpen(c *call) (reply, *apiError) {
	t := c.s.secret(32)
	c.s.tickets.put(t, true)
	host := strings.TrimPrefix(c.s.base, "http")
	return reply{"url": "ws" + host + "/link/?ticket=" + t + "&app_id=" + c.s.appID}, nil
}

func teamInfo(c *call) (reply, *apiError) {
	w := c.in.team
	if id := c.str("team"); id != "" {
		w = c.s.teams[id]
	}
	if w == nil || w.in != c.in {
		return nil, fail("team_not_found")
	}
	team := reply{
		"id": w.TeamID, "name": w.Name, "domain": w.Domain, "email_domain": "", "icon": reply{"image_default": true},
		"url": "https://" + w.Domain + ".slack.com/",
	}
	if w.EnterpriseID != "" {
		team["enterprise_id"], team["enterprise_name"] = w.EnterpriseID, w.in.entName
	}
	return reply{"team": team}, nil
}

// blocksValidate checks blocks, a view or a message without posting them; exactly one of the three is taken (facts: it
// needs no token and does not flag a missing text).
func blocksValidate(c *call) (reply, *apiError) {
	given := 0
	for _, key := range []string{"blocks", "view", "message"} {
		if c.str(key) != "" {
			given++
		}
	}
	if given != 1 {
		return nil, fail("invalid_arguments")
	}
	var problems []problem
	switch {
	case c.str("view") != "":
		raw, ok := parseObj([]byte(c.str("view")))
		if !ok {
			return nil, fail("invalid_arguments")
		}
		on := inModal
		if raw.str("type") == "home" {
			on = inHome
		}
		problems = checkView(raw, on)
	case c.str("message") != "":
		raw, ok := parseObj([]byte(c.str("message")))
		if !ok {
			return nil, fail("invalid_arguments")
		}
		problems = checkMessageBlocks(mustJSON(raw["blocks"]))
	default:
		problems = checkMessageBlocks(json.RawMessage(c.str("blocks")))
	}
	if len(problems) > 0 {
		return nil, invalid("invalid_blocks", problems)
	}
	return nil, nil
}
