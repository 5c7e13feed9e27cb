package slacktest_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"incident-bot/bot/slacktest"
)

func (r room) slackGo() *slack.Client {
	return slack.New(r.w.BotToken, slack.OptionAPIURL(r.APIURL()), slack.OptionAppLevelToken(r.AppToken()))
}

// TestSlackGoWebAPI drives slack-go's Web API client through what the bot calls.
func TestSlackGoWebAPI(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	r.w.SetScopes(append(slacktest.DefaultScopes(), "channels:read", "groups:read", "channels:manage", "reactions:write", "pins:write")...)
	c, ctx := r.slackGo(), soon(t)
	auth, err := c.AuthTestContext(ctx)
	if err != nil || auth.TeamID != r.w.TeamID || auth.UserID != r.w.BotUserID || auth.BotID != r.w.BotID {
		t.Fatalf("auth.test: %+v, %v", auth, err)
	}
	blocks := slack.MsgOptionBlocks(
		slack.NewHeaderBlock(slack.NewTextBlockObject("plain_text", "Head", false, false)),
		slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*x*", false, true), nil, nil),
		slack.NewActionBlock("b", slack.NewButtonBlockElement("go", "42", slack.NewTextBlockObject("plain_text", "Go", true, false))),
	)
	_, ts, err := c.PostMessageContext(ctx, r.ops.ID, slack.MsgOptionText("x", false), blocks,
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "incident_bot", EventPayload: map[string]any{"key": "k"}}))
	if err != nil {
		t.Fatal(err)
	}
	sees(t, r.ana, r.ops, "Head\nx\n[Go]")
	msgs, _, _, err := c.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: r.ops.ID, Timestamp: ts, Limit: 1, IncludeAllMetadata: true,
	})
	if err != nil || len(msgs) != 1 || msgs[0].Metadata.EventPayload["key"] != "k" || len(msgs[0].Blocks.BlockSet) != 3 {
		t.Fatalf("replies: %+v, %v", msgs, err)
	}
	if _, _, _, err := c.UpdateMessageContext(ctx, r.ops.ID, ts, slack.MsgOptionText("y", false), slack.MsgOptionBlocks()); err != nil {
		t.Error(err)
	}
	if _, err := c.PostEphemeralContext(ctx, r.ops.ID, r.ana.ID, slack.MsgOptionText("only you", false)); err != nil {
		t.Error(err)
	}
	u, err := c.GetUserInfoContext(ctx, r.ana.ID)
	if err != nil || u.Name != "ana" || u.TZ != "UTC" || u.IsRestricted {
		t.Errorf("users.info: %+v, %v", u, err)
	}
	if ch, err := c.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: r.ops.ID}); err != nil || ch.Name != "ops" {
		t.Errorf("conversations.info: %+v, %v", ch, err)
	}
	if dm, _, _, err := c.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{r.ana.ID}}); err != nil || dm.ID != r.w.DM(r.ana).ID {
		t.Errorf("conversations.open: %+v, %v", dm, err)
	}
	if ch, err := c.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: "inc-1"}); err != nil || !ch.IsChannel {
		t.Errorf("conversations.create: %+v, %v", ch, err)
	}
	if err := c.AddReactionContext(ctx, "eyes", slack.NewRefToMessage(r.ops.ID, ts)); err != nil {
		t.Error(err)
	}
	if err := c.AddPinContext(ctx, r.ops.ID, slack.NewRefToMessage(r.ops.ID, ts)); err != nil {
		t.Error(err)
	}
	if link, err := c.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: r.ops.ID, Ts: ts}); err != nil || !strings.Contains(link, r.ops.ID) {
		t.Errorf("permalink %q, %v", link, err)
	}
	if users, err := c.GetUsersContext(ctx); err != nil || len(users) != 2 {
		t.Errorf("users.list: %d, %v", len(users), err)
	}
	if h, err := c.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: r.ops.ID}); err != nil || len(h.Messages) != 1 {
		t.Errorf("history: %+v, %v", h, err)
	}
	if _, _, err := c.DeleteMessageContext(ctx, r.ops.ID, ts); err != nil {
		t.Error(err)
	}
	r.none(t)
}

func TestSlackGoErrors(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c, ctx := r.slackGo(), soon(t)
	_, _, err := c.PostMessageContext(ctx, r.ops.ID, slack.MsgOptionText("x", false), slack.MsgOptionBlocks(
		slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", strings.Repeat("x", 3001), false, false), nil, nil)))
	var se slack.SlackErrorResponse
	if !errors.As(err, &se) || se.Err != "invalid_blocks" || len(se.ResponseMetadata.Messages) != 1 {
		t.Errorf("invalid blocks: %#v", err)
	}
	r.Fail("chat.postMessage", slacktest.Fault{RetryAfter: 7 * time.Second})
	_, _, err = c.PostMessageContext(ctx, r.ops.ID, slack.MsgOptionText("x", false))
	var limited *slack.RateLimitedError
	if !errors.As(err, &limited) || limited.RetryAfter != 7*time.Second {
		t.Errorf("ratelimited: %v", err)
	}
	r.w.SetScopes("commands")
	_, _, err = c.PostMessageContext(ctx, r.ops.ID, slack.MsgOptionText("x", false))
	if !errors.As(err, &se) || se.Needed != "chat:write" || se.Provided != "commands" {
		t.Errorf("missing scope: %#v", err)
	}
}

// TestSlackGoSocketMode drives slack-go's managed Socket Mode client: commands, mentions, a modal, a refresh.
func TestSlackGoSocketMode(t *testing.T) {
	r := newRoom(t, slacktest.Options{SocketGrace: 20 * time.Millisecond})
	ctx, cancel := context.WithCancel(soon(t))
	api := r.slackGo()
	sm := socketmode.New(api)
	var wg sync.WaitGroup
	wg.Go(func() { _ = sm.RunContext(ctx) })
	wg.Go(func() { serveSlackGo(ctx, t, r, sm, api) })
	t.Cleanup(func() {
		cancel()
		wg.Wait()
	})
	if err := r.WaitSocket(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := r.ana.Command(r.ops, "/incident", "list").Acked(ctx); err != nil {
		t.Fatal(err)
	}
	sees(t, r.ana, r.ops, "you said list")
	if _, err := r.ana.Mention(r.ops, "", "hello").Acked(ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.Await(ctx, func() bool { return r.ana.Last(r.ops).Plain() == "heard" }); err != nil {
		t.Fatalf("last is %q", r.ana.Last(r.ops).Plain())
	}
	if _, err := r.ana.Command(r.ops, "/incident", "declare").Acked(ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.Await(ctx, func() bool { return r.ana.View() != nil }); err != nil {
		t.Fatal("no modal")
	}
	if _, err := r.ana.Submit(map[string]string{"Title": "x"}).Acked(ctx); err != nil {
		t.Fatal(err)
	}
	if v := r.ana.View(); v == nil || v.Errors["title"] != "longer, please" {
		t.Errorf("view %+v", v)
	}
	r.Disconnect("refresh_requested")
	if err := r.Await(ctx, func() bool { return r.Stats().Opened == 2 && r.Sockets() == 1 }); err != nil {
		t.Fatal("no second socket")
	}
	if _, err := r.ana.Command(r.ops, "/incident", "again").Acked(ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.Await(ctx, func() bool { return r.ana.Last(r.ops).Plain() == "you said again" }); err != nil {
		t.Errorf("last is %q", r.ana.Last(r.ops).Plain())
	}
	r.none(t)
}

// serveSlackGo is a small bot on slack-go.
func serveSlackGo(ctx context.Context, t *testing.T, r room, sm *socketmode.Client, api *slack.Client) {
	for {
		var e socketmode.Event
		select {
		case e = <-sm.Events:
		case <-ctx.Done():
			return
		}
		var err error
		switch data := e.Data.(type) {
		case slack.SlashCommand:
			if data.Text == "declare" {
				err = sm.AckCtx(ctx, e.Request.EnvelopeID, nil)
				_, viewErr := api.OpenViewContext(ctx, data.TriggerID, titleForm())
				err = errors.Join(err, viewErr)
				break
			}
			err = sm.AckCtx(ctx, e.Request.EnvelopeID, map[string]any{"text": "you said " + data.Text})
		case slackevents.EventsAPIEvent:
			err = sm.AckCtx(ctx, e.Request.EnvelopeID, nil)
			if m, ok := data.InnerEvent.Data.(*slackevents.AppMentionEvent); ok {
				_, _, postErr := api.PostMessageContext(ctx, m.Channel, slack.MsgOptionText("heard", false))
				err = errors.Join(err, postErr)
			}
		case slack.InteractionCallback:
			err = sm.AckCtx(ctx, e.Request.EnvelopeID, slack.NewErrorsViewSubmissionResponse(map[string]string{"title": "longer, please"}))
		}
		if err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	}
}

func titleForm() slack.ModalViewRequest {
	label := slack.NewTextBlockObject("plain_text", "Title", false, false)
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "Declare", false, false),
		Submit: slack.NewTextBlockObject("plain_text", "Go", false, false),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("title", label, nil, slack.NewPlainTextInputBlockElement(nil, "title")),
		}},
	}
}
