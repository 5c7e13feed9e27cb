package slacktest

import (
	"encoding/base64"
	"strconv"
)

// userObject is a person as users.info shows them. The caller holds mu.
func (u *User) userObject(in *install) reply {
	_, offset := u.s.opts.Now().In(u.zone()).Zone()
	profile := reply{
		"real_name": u.realName, "real_name_normalized": u.realName, "display_name": u.display,
		"display_name_normalized": u.display, "team": u.TeamID, "avatar_hash": "g" + u.ID, "title": "", "phone": "",
		"status_text": "", "status_emoji": "", "status_expiration": 0, "fields": nil,
	}
	if in.scopes["users:read.email"] && u.email != "" {
		profile["email"] = u.email
	}
	out := reply{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "deleted": u.deleted, "color": "9f69e7",
		"real_name": u.realName, "tz": u.zone().String(), "tz_label": u.zone().String(), "tz_offset": offset,
		"profile": profile, "is_admin": u.admin, "is_owner": false, "is_primary_owner": false, "is_restricted": u.guest,
		"is_ultra_restricted": u.single, "is_bot": u.bot, "is_app_user": false, "updated": u.ws.s.opts.Now().Unix(),
		"is_email_confirmed": true, "who_can_share_contact_card": "EVERYONE",
	}
	if u.stranger || u.ws.in != in {
		out["is_stranger"] = true
	}
	if u.ws.EnterpriseID != "" && !u.stranger {
		out["enterprise_user"] = reply{
			"id": u.ID, "enterprise_id": u.ws.EnterpriseID, "enterprise_name": u.ws.in.entName, "is_admin": false,
			"is_owner": false, "teams": []string{u.ws.TeamID},
		}
	}
	return out
}

func usersInfo(c *call) (reply, *apiError) {
	u := c.s.users[c.str("user")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	if !u.visible(c.in) {
		return nil, fail("user_not_visible")
	}
	return reply{"user": u.userObject(c.in)}, nil
}

func usersList(c *call) (reply, *apiError) {
	var all []any
	for _, u := range c.s.usersOf(func(u *User) bool { return u.visible(c.in) }) {
		all = append(all, u.userObject(c.in))
	}
	page, next, err := c.page(all, 200)
	if err != nil {
		return nil, err
	}
	return reply{"members": page, "cache_ts": c.s.opts.Now().Unix(), "response_metadata": reply{"next_cursor": next}}, nil
}

func usersLookupByEmail(c *call) (reply, *apiError) {
	email, err := c.need("email")
	if err != nil {
		return nil, err
	}
	for _, u := range c.s.usersOf(func(u *User) bool { return u.email == email && u.visible(c.in) && !u.deleted }) {
		return reply{"user": u.userObject(c.in)}, nil
	}
	return nil, fail("users_not_found")
}

// page cuts a list by limit and cursor.
func (c *call) page(all []any, def int) (page []any, next string, err *apiError) {
	limit, from := def, 0
	if v := c.str("limit"); v != "" {
		n, e := strconv.Atoi(v)
		if e != nil || n < 1 || n > 1000 {
			return nil, "", fail("invalid_limit")
		}
		limit = n
	}
	if cur := c.str("cursor"); cur != "" {
		b, e := base64.StdEncoding.DecodeString(cur)
		n, e2 := strconv.Atoi(string(b))
		if e != nil || e2 != nil || n < 0 || n > len(all) {
			return nil, "", fail("invalid_cursor")
		}
		from = n
	}
	to := min(len(all), from+limit)
	if to < len(all) {
		next = base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(to)))
	}
	return append([]any{}, all[from:to]...), next, nil
}
