package slacktest

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// reader turns markup into what somebody sees: names, dates in their own zone, no markers.
type reader struct {
	zone  *time.Location
	names map[string]string // user and channel ids to names
	now   time.Time
}

var (
	token  = lazy(`<([^<>\n]+)>`)
	bold   = lazy(emphasis("*"))
	italic = lazy(emphasis("_"))
	struck = lazy(emphasis("~"))
)

// lazy compiles an expression when it is first used: the product's binary holds this package and rarely needs it.
func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// emphasis finds text between two markers that stand at the edges of words.
func emphasis(marker string) string {
	m := regexp.QuoteMeta(marker)
	inner := `([^\s` + m + `](?:[^` + m + `\n]*[^\s` + m + `])?)`
	return `(^|[\s(\["'>*_~])` + m + inner + m + `($|[\s.,;:!?)\]"'<*_~])`
}

// mrkdwn reads Slack's markup.
func (r reader) mrkdwn(text string) string {
	parts := token().FindAllStringSubmatchIndex(text, -1)
	var b strings.Builder
	last := 0
	for _, p := range parts {
		b.WriteString(unescape(strip(text[last:p[0]])))
		b.WriteString(r.token(text[p[2]:p[3]]))
		last = p[1]
	}
	b.WriteString(unescape(strip(text[last:])))
	return b.String()
}

// strip takes the markers of bold, italic and struck text away.
func strip(text string) string {
	for _, e := range []func() *regexp.Regexp{bold, italic, struck} {
		text = e().ReplaceAllString(text, "$1$2$3")
		text = e().ReplaceAllString(text, "$1$2$3") // neighbours share the character between them
	}
	return text
}

// token reads what stands between < and >.
func (r reader) token(t string) string {
	body, label, labelled := strings.Cut(t, "|")
	switch {
	case strings.HasPrefix(body, "@"):
		return "@" + r.name(body[1:], label)
	case strings.HasPrefix(body, "#"):
		return "#" + r.name(body[1:], label)
	case strings.HasPrefix(body, "!date^"):
		return r.date(body, unescape(label))
	case strings.HasPrefix(body, "!subteam^"):
		if labelled {
			return unescape(label)
		}
		return "@" + strings.TrimPrefix(body, "!subteam^")
	case strings.HasPrefix(body, "!"):
		return "@" + body[1:]
	case labelled:
		return unescape(label)
	}
	return unescape(strings.TrimPrefix(body, "mailto:"))
}

func (r reader) name(id, label string) string {
	if n, ok := r.names[id]; ok {
		return n
	}
	if label != "" {
		return unescape(label)
	}
	return id
}

// date reads !date^unix^format^link. Unknown placeholders or no number give the fallback (docs: formatting dates).
func (r reader) date(body, fallback string) string {
	parts := strings.Split(body, "^")
	if len(parts) < 3 {
		return fallback
	}
	unix, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fallback
	}
	out := r.dateTokens(time.Unix(unix, 0).In(r.zone), parts[2])
	if strings.Contains(out, "{") {
		return fallback
	}
	return unescape(out)
}

func (r reader) dateTokens(t time.Time, format string) string {
	day := func(layout string) string {
		switch now := r.now.In(r.zone); t.Format(time.DateOnly) {
		case now.Format(time.DateOnly):
			return "Today"
		case now.AddDate(0, 0, -1).Format(time.DateOnly):
			return "Yesterday"
		case now.AddDate(0, 0, 1).Format(time.DateOnly):
			return "Tomorrow"
		}
		return t.Format(layout)
	}
	return strings.NewReplacer(
		"{date_num}", t.Format(time.DateOnly), "{date_slash}", t.Format("02/01/2006"),
		"{date_long}", t.Format("Monday, January 2, 2006"), "{date_long_full}", t.Format("January 2, 2006"),
		"{date_long_pretty}", day("Monday, January 2, 2006"), "{date}", t.Format("January 2"),
		"{date_pretty}", day("January 2"), "{date_short}", t.Format("Jan 2, 2006"),
		"{date_short_pretty}", day("Jan 2, 2006"), "{day_divider_pretty}", day("Monday, January 2"),
		"{time}", t.Format("15:04"), "{time_secs}", t.Format("15:04:05"), "{ago}", r.ago(t),
	).Replace(format)
}

func (r reader) ago(t time.Time) string {
	d := r.now.Sub(t)
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d.Minutes()), "minute")
	case d < 24*time.Hour:
		return plural(int(d.Hours()), "hour")
	}
	return plural(int(d.Hours()/24), "day")
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit + " ago"
	}
	return strconv.Itoa(n) + " " + unit + "s ago"
}

// text reads a text object.
func (r reader) text(o obj) string {
	if o.str("type") == "mrkdwn" {
		return r.mrkdwn(o.str("text"))
	}
	return o.str("text")
}
