package bot

import (
	"bytes"
	"encoding/json"
)

// payload holds the few fields of commands, events and interactions that a Delivery is made of. One struct serves all
// three so that a frame is read in one pass; their names do not collide. Blocks and messages are not decoded: an unknown
// element in them cannot reject a click.
type payload struct {
	Type         string `json:"type"`
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	OrgWide      flag   `json:"is_enterprise_install"`

	// slash_commands; trigger and response URL are also those of interactions
	Command     string `json:"command"`
	Text        string `json:"text"`
	ChannelID   string `json:"channel_id"`
	UserID      string `json:"user_id"`
	UserName    string `json:"user_name"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`

	// events_api
	EventID        string          `json:"event_id"`
	Event          event           `json:"event"`
	Authorizations []authorization `json:"authorizations"`
	Shared         bool            `json:"is_ext_shared_channel"`

	// interactive
	CallbackID string `json:"callback_id"`
	Team       team   `json:"team"`
	Enterprise struct {
		ID string `json:"id"`
	} `json:"enterprise"`
	User struct {
		ID       string `json:"id"`
		TeamID   string `json:"team_id"`
		Username string `json:"username"`
		Name     string `json:"name"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container container `json:"container"`
	Message   struct {
		TS       string `json:"ts"`
		ThreadTS string `json:"thread_ts"`
	} `json:"message"`
	Actions []element `json:"actions"`
	View    view      `json:"view"`
}

type event struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	User        string `json:"user"`
	BotID       string `json:"bot_id"`
	Text        string `json:"text"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Team        string `json:"team"`
	UserTeam    string `json:"user_team"`
	Edited      struct {
		TS string `json:"ts"`
	} `json:"edited"`
}

type authorization struct {
	EnterpriseID string `json:"enterprise_id"`
	TeamID       string `json:"team_id"`
	UserID       string `json:"user_id"` // the bot's user
	OrgWide      flag   `json:"is_enterprise_install"`
}

type container struct {
	Type      string `json:"type"`
	MessageTS string `json:"message_ts"`
	ThreadTS  string `json:"thread_ts"`
	ChannelID string `json:"channel_id"`
	Ephemeral bool   `json:"is_ephemeral"`
	ViewID    string `json:"view_id"`
}

type view struct {
	ID            string `json:"id"`
	Hash          string `json:"hash"`
	CallbackID    string `json:"callback_id"`
	Metadata      string `json:"private_metadata"`
	TeamID        string `json:"team_id"`
	InstalledTeam string `json:"app_installed_team_id"`
	State         struct {
		Values map[string]map[string]element `json:"values"`
	} `json:"state"`
}

// flag is a boolean that Slack writes as true in events and interactions and as "true" in commands.
type flag bool

// UnmarshalJSON takes true and "true" and calls everything else false. It never fails.
func (f *flag) UnmarshalJSON(b []byte) error {
	*f = flag(bytes.Equal(bytes.Trim(b, `"`), []byte("true")))
	return nil
}

// team is `{"id":…}`, a bare id, or null in an org-wide installation.
type team struct {
	ID           string `json:"id"`
	EnterpriseID string `json:"enterprise_id"`
}

// UnmarshalJSON takes any of the three shapes. It never fails.
func (t *team) UnmarshalJSON(b []byte) error {
	type plain team
	if len(b) > 0 && b[0] == '"' {
		_ = json.Unmarshal(b, &t.ID)
	} else {
		_ = json.Unmarshal(b, (*plain)(t))
	}
	return nil
}
