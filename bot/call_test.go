package bot

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
)

func newCaller(w *web) caller {
	return caller{http: &http.Client{Transport: w}, url: "https://slack.test/api/"}
}

func TestMethodSendsTokenAndJSON(t *testing.T) {
	w := newWeb(t)
	a, err := newCaller(w).method(context.Background(), "chat.postMessage", NewSecret("xoxb-1"), []byte(`{"channel":"C1"}`))
	if err != nil || a.TS == "" || a.Channel != "C1" {
		t.Fatalf("got %+v, %v", a, err)
	}
	call := w.calls("chat.postMessage")[0]
	if call.Token != "xoxb-1" || call.arg("channel") != "C1" {
		t.Errorf("sent %+v", call)
	}
}

func TestMethodErrors(t *testing.T) {
	for name, c := range map[string]struct {
		answer webAnswer
		code   string
	}{
		"slack says no":  {slackError("channel_not_found"), "channel_not_found"},
		"server error":   {status(502), "http_502"},
		"rate limit":     {tooMany(3), "ratelimited"},
		"html":           {says("<html>"), "unreadable"},
		"cut off":        {says(`{"ok":tr`), "unreadable"},
		"another shape":  {says(`[1,2]`), "unreadable"},
		"reset":          {breaks(), "connection"},
		"not reachable":  {refuses(), "unreachable"},
		"a moved server": {status(302), "http_302"},
	} {
		w := newWeb(t)
		w.on("chat.update", c.answer)
		_, err := newCaller(w).method(context.Background(), "chat.update", NewSecret("xoxb-1"), nil)
		if got := faultOf(err).code; got != c.code {
			t.Errorf("%s: code %q, want %q (%v)", name, got, c.code, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "chat.update: ") {
			t.Errorf("%s: the error names no method: %v", name, err)
		}
	}
}

func TestMethodKeepsPointers(t *testing.T) {
	w := newWeb(t)
	w.on("chat.postMessage", says(`{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["must be less than 3001 characters [json-pointer:/blocks/0/text]"]}}`))
	_, err := newCaller(w).method(context.Background(), "chat.postMessage", NewSecret("x"), nil)
	if f := faultOf(err); len(f.detail) != 1 || !strings.Contains(f.detail[0], "/blocks/0/text") {
		t.Errorf("detail %v", f.detail)
	}
}

func TestHookAnswers(t *testing.T) {
	plain := func(text string) webAnswer {
		return func(*http.Request, webCall) (int, http.Header, string, error) {
			return http.StatusOK, http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, text, nil
		}
	}
	for name, c := range map[string]struct {
		answer webAnswer
		code   string
	}{
		"ok":           {plain("ok"), ""},
		"ok in a line": {plain("ok\n"), ""},
		"empty":        {plain(""), ""},
		"json ok":      {says(`{"ok":true}`), ""},
		"json no":      {says(`{"ok":false,"error":"expired_url"}`), "expired_url"},
		"other text":   {plain("no_service"), "unreadable"},
		"gone":         {status(410), "http_410"},
		"limited":      {tooMany(2), "ratelimited"},
	} {
		w := newWeb(t)
		w.on("hook", c.answer)
		err := newCaller(w).hook(context.Background(), NewSecret("https://slack.test/hook/s3cret"), []byte("{}"))
		if got := faultOf(err).code; got != c.code {
			t.Errorf("%s: code %q, want %q (%v)", name, got, c.code, err)
		}
	}
}

// TestErrorsHideTheHook holds that no failure shows a response URL, whatever net/http puts into its text.
func TestErrorsHideTheHook(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	for _, target := range []string{"https://slack.test/hook/s3cret", "https://slack.test/hook/s3cret\x7f", "https://s3cret.test/hook/1"} {
		for _, answer := range []webAnswer{breaks(), refuses(), hangs(), status(500), says("?")} {
			w := newWeb(t)
			w.on("hook", answer)
			err := newCaller(w).hook(ctx, NewSecret(target), []byte("{}"))
			if err == nil || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%q: error %v", target, err)
			}
		}
	}
}

// BenchmarkPost compares what a posted message costs through slack-go and through caller, without a network.
func BenchmarkPost(b *testing.B) {
	m := blocks.NewMessage("*checkout returns 500s*", blocks.Header("Incident 42"), blocks.Section("*checkout returns 500s* &amp; more"),
		blocks.Fields("a", "b", "c", "d"), blocks.Actions("x", blocks.Button("a", "1", "Update"), blocks.Button("b", "1", "Resolve")))
	body := `{"ok":true,"channel":"C1","ts":"1.2","message":{"type":"message","blocks":` + string(encodeMessage(m).blocks) + `}}`
	client := &http.Client{Transport: constantAnswer{body}}
	b.Run("slack-go", func(b *testing.B) {
		api := slack.New("xoxb-1", slack.OptionHTTPClient(client))
		b.ReportAllocs()
		for b.Loop() {
			_, _, err := api.PostMessageContext(context.Background(), "C1", slack.MsgOptionText(string(m.Text), false), slack.MsgOptionBlocks(m.Blocks...))
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ours", func(b *testing.B) {
		c := caller{http: client, url: slack.APIURL}
		b.ReportAllocs()
		for b.Loop() {
			w := encodeMessage(m)
			encoded, err := encodeWith(messageBody{Channel: "C1", Text: w.text}, w.blocks)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := c.method(context.Background(), "chat.postMessage", NewSecret("xoxb-1"), encoded); err != nil {
				b.Fatal(err)
			}
		}
	})
}

type constantAnswer struct{ body string }

func (c constantAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: noClose{strings.NewReader(c.body)}, Request: r}, nil
}

type noClose struct{ *strings.Reader }

func (noClose) Close() error { return nil }
