package handlers_test

import (
	"strconv"
	"strings"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// trouble makes the stack behave as a line says.
func (s *stage) trouble(text string) {
	switch verb, rest, _ := strings.Cut(text, " "); verb {
	case "down":
		s.grafana.Down(true)
		s.idle() // whether one of them is cut in the middle of a request would be chance
	case "asleep":
		s.grafana.Sleep(true)
	case "uninstalled":
		s.grafana.Uninstall(true)
	case "up", "heals":
		s.grafana.Down(false)
		s.grafana.Sleep(false)
		s.grafana.Uninstall(false)
		s.grafana.Heal()
	case "adds":
		s.grafana.Add(s.somebodyElses(values(rest)))
	case "fails":
		method, rest, _ := strings.Cut(rest, " ")
		if method == "all" {
			method = ""
		}
		f := incidenttest.Fault{Times: 1}
		for name, value := range s.settings(rest) {
			s.fault(&f, name, value)
		}
		s.grafana.Fail(method, f)
	default:
		s.fatalf("what is %q?", text)
	}
}

func (s *stage) fault(f *incidenttest.Fault, name, value string) {
	switch name {
	case "status":
		f.Status, _ = strconv.Atoi(value)
	case "body":
		f.Body, f.ContentType = value, "application/json"
	case "times":
		f.Times, _ = strconv.Atoi(value)
	case "retryafter":
		f.RetryAfter, _ = time.ParseDuration(value)
	case "inband":
		f.InBand = value
	case "html":
		f.HTML = true
	case "hang":
		f.Hang = true
	case "resetbefore":
		f.ResetBefore = true
	case "resetafter":
		f.ResetAfter = true
	case "truncate":
		f.Truncate = true
	case "redirect":
		f.Redirect = value
	default:
		s.fatalf("what is the fault %q?", name)
	}
}

// settings reads "status=401 body={"a":"b c"}": the last value may hold spaces.
func (s *stage) settings(text string) map[string]string {
	all, last := map[string]string{}, ""
	for part := range strings.SplitSeq(text, " ") {
		name, value, ok := strings.Cut(part, "=")
		switch {
		case last == "body" || last == "inband":
			all[last] += " " + part
		case !ok && part != "":
			all[part] = "yes"
		case ok:
			all[name], last = value, name
		}
	}
	return all
}

// troubleSlack makes Slack behave as a line says.
func (s *stage) troubleSlack(text string) {
	verb, rest, _ := strings.Cut(text, " ")
	switch verb {
	case "heals":
		s.slack.Heal()
	case "fails":
		method, rest, _ := strings.Cut(rest, " ")
		var f slacktest.Fault
		for name, value := range s.settings(rest) {
			s.faultSlack(&f, name, value)
		}
		s.slack.Fail(method, f)
	default:
		s.fatalf("what is %q?", text)
	}
}

func (s *stage) faultSlack(f *slacktest.Fault, name, value string) {
	switch name {
	case "error":
		f.Error = value
	case "needed":
		f.Needed = value
	case "status":
		f.Status, _ = strconv.Atoi(value)
	case "body":
		f.Body = value
	case "times":
		f.Times, _ = strconv.Atoi(value)
	case "retryafter":
		f.RetryAfter, _ = time.ParseDuration(value)
	case "reset":
		f.Reset = true
	default:
		s.fatalf("what is the fault %q?", name)
	}
}

// somebodyElses is an incident that was not declared in Slack. The bot's account sees a private one when it is its own:
// it is given to whoever declared the latest incident.
func (s *stage) somebodyElses(fields map[string]string) incidenttest.Incident {
	i := incidenttest.Incident{
		Title: fields["title"], Severity: either(fields["severity"], "Minor"), Status: either(fields["status"], "active"),
		IncidentType: fields["type"], Summary: fields["summary"], CreatedBy: incidenttest.UserPreview{Name: fields["creator"]},
	}
	if i.IncidentType == "private" {
		all := s.grafana.Incidents()
		i.CreatedBy = all[len(all)-1].CreatedBy
	}
	return i
}
