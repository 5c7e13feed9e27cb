package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	incident "github.com/grafana/incident-go"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// childEnv says which of the rivals this process is, when it is one.
const childEnv = "INCIDENT_BOT_BENCH_CHILD"

func TestMain(m *testing.M) {
	slackURL, grafana := os.Getenv("SLACK_API_URL"), os.Getenv("GRAFANA_URL")+"/api/plugins/grafana-irm-app/resources/api/v1/"
	switch os.Getenv(childEnv) {
	case "bare":
		bareLoop(slackURL, grafana)
	case "slack-go":
		slackGo(slackURL, grafana)
	case "memory":
		memoryBot(slackURL)
	default:
		os.Exit(m.Run())
	}
}

// bareLoop is the floor: a frame in, one HTTP call, one HTTP answer, fixed JSON.
func bareLoop(slackURL, grafana string) {
	resp, err := http.Post(slackURL+"apps.connections.open", "application/json", nil)
	if err != nil {
		log.Fatal(err)
	}
	var open struct{ URL string }
	_ = json.NewDecoder(resp.Body).Decode(&open)
	conn, _, err := websocket.DefaultDialer.Dial(open.URL, nil)
	if err != nil {
		log.Fatal(err)
	}
	note := []byte(`{"incidentID":"42","activityKind":"userNote","body":"CPU back to normal","fieldValues":null,"eventTime":""}`)
	reply := []byte(`{"response_type":"ephemeral","text":"ok"}`)
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return
		}
		var env struct {
			ID      string `json:"envelope_id"`
			Payload struct {
				Response string `json:"response_url"`
			}
		}
		if json.Unmarshal(frame, &env) != nil || env.ID == "" {
			continue
		}
		_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"envelope_id":"`+env.ID+`"}`))
		go func() {
			post(grafana+"ActivityService.AddActivity", note)
			post(env.Payload.Response, reply)
		}()
	}
}

func post(url string, body []byte) {
	resp, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}

// slackGo does the bot's job with slack-go's socketmode handler as its examples do it: acknowledge, call, answer. It
// makes the same calls: for a note AddActivity and the response URL; for a declaration CreateIncident, the response URL
// and chat.postMessage. It keeps as many connections open as the bot: Slack and Grafana are one host here, of which
// net/http would keep two, and a third would be dialled anew each time.
// It runs as Go programs do, on all processors; the bot sets itself to one (see tune). With GOMAXPROCS in both, the
// difference between the programs themselves shows.
func slackGo(slackURL, grafana string) {
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 32
	api := slack.New(os.Getenv("SLACK_BOT_TOKEN"), slack.OptionAppLevelToken(os.Getenv("SLACK_APP_TOKEN")), slack.OptionAPIURL(slackURL))
	client := socketmode.New(api)
	stack := incident.NewClient(grafana, os.Getenv("GRAFANA_SERVICE_ACCOUNT_TOKEN"))
	activity, incidents := incident.NewActivityService(stack), incident.NewIncidentsService(stack)
	handler := socketmode.NewSocketmodeHandler(client)
	handler.HandleSlashCommand("/incident", func(e *socketmode.Event, c *socketmode.Client) {
		cmd := e.Data.(slack.SlashCommand)
		_ = c.Ack(*e.Request)
		word, rest, _ := strings.Cut(cmd.Text, " ")
		switch word {
		case "note":
			_, err := activity.AddActivity(context.Background(), incident.AddActivityRequest{IncidentID: "42", ActivityKind: "userNote", Body: rest + "\n— " + cmd.UserName + " via Slack"})
			respond(api, cmd, fmt.Sprintf("Note added to #42: %v", err == nil))
		case "declare":
			made, err := incidents.CreateIncident(context.Background(), incident.CreateIncidentRequest{Title: rest, Severity: "Critical"})
			if err != nil {
				return
			}
			respond(api, cmd, "Declared "+made.Incident.Title)
			_, _, _ = api.PostMessage(cmd.ChannelID, slack.MsgOptionText(made.Incident.Title, true), card(made.Incident))
		}
	})
	handler.HandleDefault(func(e *socketmode.Event, _ *socketmode.Client) {
		if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
			log.Print(failed.ErrorObj)
		}
	})
	if err := handler.RunEventLoop(); err != nil {
		log.Fatal(err)
	}
}

func respond(api *slack.Client, cmd slack.SlashCommand, text string) {
	_, _, _ = api.PostMessage(cmd.ChannelID, slack.MsgOptionResponseURL(cmd.ResponseURL, slack.ResponseTypeEphemeral), slack.MsgOptionText(text, true))
}

func card(i incident.Incident) slack.MsgOption {
	button := func(id, label string) slack.BlockElement {
		return slack.NewButtonBlockElement(id, i.IncidentID, slack.NewTextBlockObject(slack.PlainTextType, label, false, false))
	}
	return slack.MsgOptionBlocks(
		slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, "#"+i.IncidentID+" "+i.Title, false, false)),
		slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "*Severity* "+i.Severity+"  *State* "+i.Status, false, false), nil, nil),
		slack.NewActionBlock("", button("update", "Update"), button("note", "Note"), button("severity", "Severity"), button("resolve", "Resolve")),
	)
}
