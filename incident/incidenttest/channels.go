package incidenttest

import (
	"strconv"
	"strings"
)

type channelsOut struct {
	Channels []Channel `json:"incidentChannels"`
}

func getChannels(s *Server, who *account, in idIn) (channelsOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return channelsOut{}, err
	}
	return channelsOut{list(r.Channels)}, nil
}

type slackChannelIn struct {
	IncidentID  string `json:"incidentID"`
	ChannelName string `json:"channelName"`
	PostUpdates bool   `json:"postUpdates"`
	InviteUsers bool   `json:"inviteUsers"`
}

type slackChannelOut struct {
	ChannelID   string `json:"channelID"`
	ChannelName string `json:"channelName"`
}

// maxChannel is the longest name of a Slack channel.
const maxChannel = 80

// createSlackChannel makes the one channel an incident may have, in a Slack that is not simulated here. The name is
// cleaned, and gets a number when another incident has it.
func createSlackChannel(s *Server, who *account, in slackChannelIn) (slackChannelOut, error) {
	r, err := s.visible(who, in.IncidentID)
	switch {
	case err != nil:
		return slackChannelOut{}, err
	case strings.TrimSpace(in.ChannelName) == "":
		return slackChannelOut{}, invalid("channelName: must not be empty")
	case s.o.NoSlackApp:
		return slackChannelOut{}, invalid("Slack is not installed")
	case len(r.Channels) > 0:
		return slackChannelOut{}, invalid("the incident has a channel already")
	}
	id := strings.ToUpper("C" + strings.ReplaceAll(s.nextID("channel"), "-", ""))
	r.Channels = []Channel{{Provider: "slack", ChannelID: id, TeamID: "T0ACME0000"}}
	r.HookRuns = append(r.HookRuns, HookRun{IntegrationID: "grate.irm.slack", HookID: "grate.irm.slack.createChannel",
		LastRun: s.stamp(), LastUpdate: s.stamp(), EventName: "manuallyTriggered", EventKind: "manual",
		Status: "success", UpdateStatus: "success", Metadata: HookMetadata{Title: "Slack channel"}})
	s.changed(r, who, Activity{ActivityKind: "actionRun", Body: "created a Slack channel", Immutable: true})
	return slackChannelOut{id, s.channelName(in.ChannelName)}, nil
}

// channelName is a name as Slack takes it, and not taken yet.
func (s *Server) channelName(wanted string) string {
	base := []rune(slug(wanted))
	name := string(base[:min(len(base), maxChannel)])
	for n := 2; s.org.channels[name]; n++ {
		end := "-" + strconv.Itoa(n)
		name = string(base[:min(len(base), maxChannel-len(end))]) + end
	}
	s.org.channels[name] = true
	return name
}

type trackerOut struct {
	ChatOps bool `json:"isChatOpsInstalled"`
}

// getTracker says whether Grafana's own Slack app is there.
func getTracker(s *Server, _ *account, _ empty) (trackerOut, error) {
	return trackerOut{!s.o.NoSlackApp}, nil
}
