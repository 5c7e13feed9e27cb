package incident

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// verdict judges an answer by its status first and its body next. nil means that the answer is the API's own success.
// A 404 that says nothing of an incident, a plugin or a stack is NoMethod.
func verdict(status int, header http.Header, body []byte) *Error {
	if status >= 200 && status < 300 {
		return success(status, header, body)
	}
	s := readSaid(body, header.Get("Content-Type"))
	e := &Error{Status: status, Reason: s.reason, Message: plain(s.text), RetryAfter: retryAfter(header, time.Now())}
	e.Code = codeOf(status, s)
	switch {
	case status >= 300 && status < 400:
		e.Reason, e.Message = ReasonRedirect, redirectTo(header)
	case e.Code == Unreadable && s.html:
		e.Reason = ReasonHTML
	case e.Code == Forbidden && e.Reason == "":
		e.Reason = forbidden(s)
	}
	if s.plugin {
		e.byWords(s.text)
	}
	return e
}

// success accepts a JSON object without an in-band error, and nothing else.
func success(status int, header http.Header, body []byte) *Error {
	if looksSound(body) {
		return nil
	}
	s := readSaid(body, header.Get("Content-Type"))
	e := &Error{Status: status, Code: Unreadable, Reason: s.reason, Message: plain(s.text)}
	switch {
	case s.html:
		e.Reason = ReasonHTML
	case s.object && s.plugin:
		e.Code = Failed
		e.byWords(s.text)
	case s.object: // an inner object's "error", which is data
		return nil
	case truncated(body):
		e.Code, e.Message, e.Err = Lost, "", errTruncated
	}
	return e
}

// codeOf is the code that status and body give, before the plugin's words are weighed.
func codeOf(status int, s said) Code {
	switch {
	case status == http.StatusUnauthorized:
		return Unauthorized
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status == http.StatusNotFound:
		return notFound(s)
	case status == http.StatusMethodNotAllowed:
		return NoMethod
	case status == http.StatusRequestTimeout:
		return Lost
	case status == http.StatusServiceUnavailable && beforePlugin(s):
		return Unavailable
	case status >= 500:
		return Failed
	case status < 400 || s.html: // a proxy's page: the API did not say it
		return Unreadable
	case status == http.StatusForbidden:
		return Forbidden
	}
	return Invalid
}

// beforePlugin says whether a 503 is Grafana's own, said instead of calling the plugin (grafana plugin_resource.go;
// newer versions say it by messageId). A load balancer's 503 proves nothing.
func beforePlugin(s said) bool {
	return !s.plugin && (strings.EqualFold(s.text, "Plugin unavailable") || strings.HasPrefix(s.reason, "plugin."))
}

// notFound tells the four kinds of 404 apart by their bodies.
func notFound(s said) Code {
	text := strings.ToLower(s.text)
	switch {
	case s.code == "NotFound" || strings.Contains(text, "recognize the instance"):
		return StackUnknown // asleep, archived or unknown (reported: terraform-provider-grafana#1725)
	case !s.plugin && (strings.HasPrefix(text, "plugin not found") || strings.HasPrefix(s.reason, "plugin.")):
		return PluginMissing
	case s.plugin && !strings.Contains(text, "method") && !strings.Contains(text, "route") && !strings.Contains(text, "page not found"):
		return NotFound
	case strings.Contains(text, "incident") && strings.Contains(text, "not found"):
		return NotFound
	}
	return NoMethod
}

// forbidden says which of Grafana's layers refused.
func forbidden(s said) string {
	switch {
	case s.access != "" || strings.Contains(s.text, "Permissions needed"):
		return ReasonRBAC
	case s.plugin:
		return ReasonPlugin
	}
	return ReasonRole
}

// byWords weighs what the plugin itself says. It answers some mistakes of the request with 500, or in-band with 200:
// an unknown severity is a 500 "… Severity.FindOne: not found" (grafana/oncall).
func (e *Error) byWords(text string) {
	if e.Code != Failed && e.Code != Invalid {
		return
	}
	words := strings.ToLower(text)
	switch {
	case strings.Contains(words, "severity.findone: not found"):
		e.Code, e.Reason = Invalid, ReasonSeverityUnknown
	case strings.Contains(words, "status.findone: not found"):
		e.Code, e.Reason = Invalid, ReasonStatusUnknown
	case strings.Contains(words, "incident.findone: not found"), strings.Contains(words, "incident not found"):
		e.Code = NotFound
	case strings.Contains(words, "invalid query"):
		e.Code, e.Reason = Invalid, ReasonQuery
	case words == "forbidden", words == "permission denied":
		e.Code, e.Reason = Forbidden, ReasonPlugin
	}
}

// retryAfter reads the header in both its forms, seconds and a date. Nonsense and the past are 0; a day is the most.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	wait := time.Duration(0)
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 {
		wait = time.Duration(min(seconds, 1e6) * float64(time.Second))
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return max(0, min(wait, 24*time.Hour))
}
