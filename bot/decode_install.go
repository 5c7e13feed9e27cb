package bot

import (
	"cmp"
	"strings"
)

// installation finds the installed workspace: the first team that is named, in the order of bolt-python's request
// internals, which official SDKs share. What is not a team's id (T…) is passed over: in channels shared by Slack Connect
// some of these fields hold an organisation (E…).
func (p *payload) installation() Installation {
	i := Installation{EnterpriseID: p.enterprise(), OrgWide: p.orgWide()}
	authorized := ""
	if len(p.Authorizations) > 0 {
		authorized = p.Authorizations[0].TeamID
	}
	i.TeamID = firstTeam(
		p.View.InstalledTeam, // a view that was opened from a Slack Connect channel
		p.Team.ID,            // null in org-wide installations
		authorized,           // the top-level team_id may be the channel's other workspace
		p.TeamID,
		p.Event.Team,
		p.User.TeamID,
		p.View.TeamID,
	)
	return i
}

func (p *payload) enterprise() string {
	authorized := ""
	if len(p.Authorizations) > 0 {
		authorized = p.Authorizations[0].EnterpriseID
	}
	return cmp.Or(authorized, p.Enterprise.ID, p.Team.EnterpriseID, p.EnterpriseID)
}

// orgWide says whether the installation covers an organisation. An event's authorisation knows better than its outside.
func (p *payload) orgWide() bool {
	if len(p.Authorizations) > 0 {
		return bool(p.Authorizations[0].OrgWide)
	}
	return bool(p.OrgWide)
}

// firstTeam gives the first workspace id, "" when there is none.
func firstTeam(ids ...string) string {
	for _, id := range ids {
		if strings.HasPrefix(id, "T") {
			return id
		}
	}
	return ""
}
