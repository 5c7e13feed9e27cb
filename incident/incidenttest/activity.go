package incidenttest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// maxText is the longest body of a note (docs: 65,536) and, so here, of a status update.
const maxText = 65536

type addActivityIn struct {
	IncidentID   string         `json:"incidentID"`
	ActivityKind string         `json:"activityKind"`
	Body         string         `json:"body"`
	FieldValues  map[string]any `json:"fieldValues"`
	EventTime    string         `json:"eventTime"`
}

type activityOut struct {
	Item Activity `json:"activityItem"`
}

// addActivity adds a note; URLs in it become context.
func addActivity(s *Server, who *account, in addActivityIn) (activityOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return activityOut{}, err
	}
	if in.ActivityKind != "userNote" {
		return activityOut{}, invalid("activityKind: must be userNote, not %q", in.ActivityKind)
	}
	if err := checkBody(in.Body); err != nil {
		return activityOut{}, err
	}
	at, err := eventTime(in.EventTime)
	if err != nil {
		return activityOut{}, err
	}
	note := Activity{ActivityKind: "userNote", Body: s.text(in.Body), EventTime: at, FieldValues: maps.Clone(in.FieldValues)}
	r.attach(in.Body)
	return activityOut{*s.changed(r, who, note)}, nil
}

func checkBody(body string) error {
	if body == "" || len(body) > maxText {
		return invalid("body: must hold 1 to %d bytes", maxText)
	}
	return nil
}

// text is a text as the stack keeps it.
func (s *Server) text(body string) string {
	if s.o.TrimTexts {
		return strings.TrimSpace(body)
	}
	return body
}

// eventTime reads the time of an item; "" is now.
func eventTime(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return "", invalid("eventTime: cannot read %q as RFC 3339", text)
	}
	return at.UTC().Format(time.RFC3339Nano), nil
}

type itemIn struct {
	IncidentID     string `json:"incidentID"`
	ActivityItemID string `json:"activityItemID"`
}

func removeActivity(s *Server, who *account, in itemIn) (activityOut, error) {
	r, a, err := s.item(who, in)
	if err != nil {
		return activityOut{}, err
	}
	gone := *a
	r.Activity = slices.DeleteFunc(r.Activity, func(a Activity) bool { return a.ActivityItemID == in.ActivityItemID })
	s.touch(r)
	return activityOut{gone}, nil
}

// item finds an item that may be changed.
func (s *Server) item(who *account, in itemIn) (*record, *Activity, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(r.Activity, func(a Activity) bool { return a.ActivityItemID == in.ActivityItemID })
	if at < 0 {
		return nil, nil, pluginError(404, "activity item not found")
	}
	if r.Activity[at].Immutable {
		return nil, nil, invalid("the activity item is immutable")
	}
	return r, &r.Activity[at], nil
}

type bodyIn struct {
	itemIn
	Body string `json:"body"`
}

func updateActivityBody(s *Server, who *account, in bodyIn) (activityOut, error) {
	if err := checkBody(in.Body); err != nil {
		return activityOut{}, err
	}
	return s.editItem(who, in.itemIn, func(a *Activity) { a.Body = in.Body })
}

// itemTimeIn moves an item to another time, "" to the time it was written (incident-go).
type itemTimeIn struct {
	itemIn
	EventTime string `json:"eventTime"`
}

func updateActivityEventTime(s *Server, who *account, in itemTimeIn) (activityOut, error) {
	at, err := eventTime(in.EventTime)
	if err != nil {
		return activityOut{}, err
	}
	return s.editItem(who, in.itemIn, func(a *Activity) { a.EventTime = cmp.Or(at, a.CreatedTime) })
}

type relevanceIn struct {
	itemIn
	Relevance string `json:"relevance"`
}

func updateActivityRelevance(s *Server, who *account, in relevanceIn) (activityOut, error) {
	if !slices.Contains([]string{"automatic", "archive", "low", "normal", "high"}, in.Relevance) {
		return activityOut{}, invalid("relevance: unknown relevance %q", in.Relevance)
	}
	return s.editItem(who, in.itemIn, func(a *Activity) { a.Relevance = in.Relevance })
}

// editItem changes an item that may be changed.
func (s *Server) editItem(who *account, in itemIn, f func(*Activity)) (activityOut, error) {
	r, a, err := s.item(who, in)
	if err != nil {
		return activityOut{}, err
	}
	f(a)
	out := activityOut{*a}
	s.touch(r)
	return out, nil
}
