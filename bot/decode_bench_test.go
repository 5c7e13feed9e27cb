package bot

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// BenchmarkDecodeAndRoute is what the read loop computes for one frame, per kind of envelope, and the ratio to what
// slack-go's socketmode client computes to decode it alone.
func BenchmarkDecodeAndRoute(b *testing.B) {
	for _, file := range []string{"command", "mention", "click", "submission", "unknown_type"} {
		b.Run(file, func(b *testing.B) {
			raw := compact(b, envelopeFile(b, file))
			router := benchRouter()
			ours := measure(b, func() {
				d, v, err := decode(raw, at())
				if err != nil {
					b.Fatal(err)
				}
				if v.accepted() {
					_ = router.NeedsFast(d)
					_ = router.Lane(d)
				}
			})
			theirs := measure(b, func() { slackGoDecode(b, raw) })
			b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N), "ns/frame")
			b.ReportMetric(float64(ours)/float64(theirs), "cpu/slack-go")
			b.ReportMetric(0, "ns/op") // is the sum of both
		})
	}
}

// measure runs f b.N times.
func measure(b *testing.B, f func()) time.Duration {
	b.Helper()
	start := time.Now()
	for range b.N {
		f()
	}
	return time.Since(start)
}

// compact gives a frame as it is on the wire.
func compact(b *testing.B, raw []byte) []byte {
	b.Helper()
	var v json.RawMessage
	if err := json.Unmarshal(raw, &v); err != nil {
		b.Fatal(err)
	}
	small, err := json.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}
	return small
}

func benchRouter() *Router {
	ws := NewWorkspaces([]Credentials{{TeamID: "T0ACME01", BotToken: NewSecret("xoxb-1")}}, "", nil, zerolog.Nop())
	routes := (&bridge{}).routes(func(r *Routes) {
		for _, word := range []string{"declare", "list", "show", "update", "note", "severity", "status", "resolve", "help"} {
			r.Words = append(r.Words, Word{Name: word, Run: r.Unknown})
		}
		r.Buttons = []Button{{ID: "resolve", Run: r.Unknown}}
		r.Submits = []Submit{{CallbackID: "declare", Run: r.Unknown}}
	})
	return NewRouter(routes, ws, NewSender(ws, zerolog.Nop()), zerolog.Nop())
}

// slackGoDecode is what socketmode.Client does with a frame between reading it and handing it to its handler.
func slackGoDecode(b *testing.B, raw []byte) {
	var frame json.RawMessage
	if err := json.Unmarshal(raw, &frame); err != nil { // ReadJSON
		b.Fatal(err)
	}
	var req socketmode.Request
	if err := json.Unmarshal(frame, &req); err != nil {
		b.Fatal(err)
	}
	switch req.Type {
	case socketmode.RequestTypeEventsAPI:
		_, _ = slackevents.ParseEvent(req.Payload, slackevents.OptionNoVerifyToken())
	case socketmode.RequestTypeSlashCommands:
		var c slack.SlashCommand
		_ = json.Unmarshal(req.Payload, &c)
	case socketmode.RequestTypeInteractive:
		var c slack.InteractionCallback
		_ = json.Unmarshal(req.Payload, &c) // fails on the unknown elements of the sample
	}
}
