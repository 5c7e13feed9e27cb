package demo

import (
	"runtime"
	"strings"
)

// ownVariables are those that configure a real bot. The demo does not use them and says so when they are set.
func ownVariables() []string {
	return []string{"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "SLACK_API_URL", "GRAFANA_URL", "GRAFANA_SERVICE_ACCOUNT_TOKEN",
		"WORKSPACES_FILE", "DATABASE_URL", "ENCRYPTION_KEY", "SLACK_COMMAND"}
}

// notUsed is the sentence about variables that are set and not used here, "" when there are none. It names them and shows
// nothing of their values.
func notUsed(getenv func(string) string) string {
	var set []string
	for _, name := range ownVariables() {
		if getenv(name) != "" {
			set = append(set, name)
		}
	}
	switch len(set) {
	case 0:
		return ""
	case 1:
		return "(" + set[0] + " is set in your environment; the demo does not use it.)"
	}
	return "(" + strings.Join(set[:len(set)-1], ", ") + " and " + set[len(set)-1] + " are set in your environment; the demo does not use them.)"
}

// childEnv is the whole environment of the bot: what is documented, and nothing of this process but what Windows cannot
// open a socket without.
func childEnv(settings []string, getenv func(string) string) []string {
	env := append([]string(nil), settings...)
	if runtime.GOOS == "windows" {
		env = append(env, "SYSTEMROOT="+getenv("SYSTEMROOT"))
	}
	return env
}
