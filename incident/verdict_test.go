package incident

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The rows of what is known of this API's failures (grafana, grafana/gcx, grafana/oncall), and their neighbours.
func TestVerdict(t *testing.T) {
	const page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title><script>x</script></head><body>nginx</body></html>"
	for _, c := range []struct {
		name    string
		status  int
		body    string
		code    Code
		reason  string
		message string
	}{
		{"no authorization", 401, `{"message":"Unauthorized","messageId":"auth.unauthorized","statusCode":401,"traceID":""}`, Unauthorized, "auth.unauthorized", "Unauthorized"},
		{"unknown token", 401, `{"message":"Invalid API key","messageId":"api-key.invalid","statusCode":401,"traceID":"x"}`, Unauthorized, "api-key.invalid", "Invalid API key"},
		{"expired token", 401, `{"message":"Expired API key","messageId":"api-key.expired"}`, Unauthorized, "api-key.expired", "Expired API key"},
		{"revoked token", 401, `{"message":"Revoked API key","messageId":"api-key.revoked"}`, Unauthorized, "api-key.revoked", "Revoked API key"},
		{"other organisation", 401, `{"message":"no","messageId":"api-key.organization-mismatch"}`, Unauthorized, "api-key.organization-mismatch", "no"},
		{"a page with 401", 401, page, Unauthorized, "", "502 Bad Gateway"},
		{"RBAC", 403, `{"accessErrorId":"ACE0123456789","message":"You'll need additional permissions to perform this action. Permissions needed: grafana-incident-app.incidents:write","title":"Access denied"}`,
			Forbidden, ReasonRBAC, "You'll need additional permissions to perform this action. Permissions needed: grafana-incident-app.incidents:write"},
		{"older role check", 403, `{"message":"Permission denied"}`, Forbidden, ReasonRole, "Permission denied"},
		{"plugin's own refusal", 403, `{"error":"forbidden"}`, Forbidden, ReasonPlugin, "forbidden"},
		{"a proxy's 403", 403, page, Unreadable, ReasonHTML, "502 Bad Gateway"},
		{"plugin not installed", 404, `{"message":"Plugin not found"}`, PluginMissing, "", "Plugin not found"},
		{"plugin not installed, newer", 404, `{"message":"Plugin not found","messageId":"plugin.notRegistered"}`, PluginMissing, "plugin.notRegistered", "Plugin not found"},
		{"stack unknown or asleep", 404, `{"code":"NotFound","message":"We do not recognize the instance URL you're trying to reach."}`, StackUnknown, "", "We do not recognize the instance URL you're trying to reach."},
		{"incident unknown", 404, `{"error":"incident not found"}`, NotFound, "", "incident not found"},
		{"incident unknown, by message", 404, `{"message":"Incident 99 was not found"}`, NotFound, "", "Incident 99 was not found"},
		{"method unknown, a mux", 404, "404 page not found\n", NoMethod, "", "404 page not found"},
		{"method unknown, grafana's router", 404, `{"message":"Not found"}`, NoMethod, "", "Not found"},
		{"method unknown, the plugin's words", 404, `{"error":"unknown method"}`, NoMethod, "", "unknown method"},
		{"404 without a body", 404, "", NoMethod, "", ""},
		{"404 as a page", 404, page, NoMethod, "", "502 Bad Gateway"},
		{"405", 405, "", NoMethod, "", ""},
		{"plugin down", 503, `{"message":"Plugin unavailable"}`, Unavailable, "", "Plugin unavailable"},
		{"plugin down, newer", 503, `{"message":"no","messageId":"plugin.unavailable"}`, Unavailable, "plugin.unavailable", "no"},
		{"503 of the plugin", 503, `{"error":"database is locked"}`, Failed, "", "database is locked"},
		{"503 of a load balancer", 503, page, Failed, "", "502 Bad Gateway"},
		{"plugin call failed", 500, `{"message":"Failed to call resource"}`, Failed, "", "Failed to call resource"},
		{"plugin's own 500", 500, `{"error":"something broke"}`, Failed, "", "something broke"},
		{"500 as a page", 500, page, Failed, "", "502 Bad Gateway"},
		{"500 without a word", 500, `{}`, Failed, "", ""},
		{"500 null", 500, `null`, Failed, "", "null"},
		{"502", 502, page, Failed, "", "502 Bad Gateway"},
		{"504", 504, "", Failed, "", ""},
		{"unknown severity", 500, `{"error":"IncidentsService.CreateIncident: creating incident: Severity.FindOne: not found"}`, Invalid, ReasonSeverityUnknown, "IncidentsService.CreateIncident: creating incident: Severity.FindOne: not found"},
		{"unknown severity with 400", 400, `{"error":"Severity.FindOne: not found"}`, Invalid, ReasonSeverityUnknown, "Severity.FindOne: not found"},
		{"unknown status", 500, `{"error":"Status.FindOne: not found"}`, Invalid, ReasonStatusUnknown, "Status.FindOne: not found"},
		{"unknown incident with 500", 500, `{"error":"Incident.FindOne: not found"}`, NotFound, "", "Incident.FindOne: not found"},
		{"bad query", 400, `{"error":"Invalid query string"}`, Invalid, ReasonQuery, "Invalid query string"},
		{"bad request", 400, `{"error":"title is required"}`, Invalid, "", "title is required"},
		{"bad request by msg", 400, `{"msg":"bad request data"}`, Invalid, "", "bad request data"},
		{"error before message before msg", 400, `{"msg":"c","message":"b","error":"a"}`, Invalid, "", "a"},
		{"message before msg", 400, `{"msg":"c","message":"b","error":""}`, Invalid, "", "b"},
		{"error as an object", 400, `{"error":{"message":"inner","code":3}}`, Invalid, "", "inner"},
		{"400 as a page", 400, page, Unreadable, ReasonHTML, "502 Bad Gateway"},
		{"too large", 413, `{"message":"too large"}`, Invalid, "", "too large"},
		{"rate limited", 429, `{"message":"slow down"}`, RateLimited, "", "slow down"},
		{"rate limited, a page", 429, page, RateLimited, "", "502 Bad Gateway"},
		{"request timeout", 408, "", Lost, "", ""},
		{"redirect", 302, "", Unreadable, ReasonRedirect, "a redirect to https://login.example"},
		{"permanent redirect", 308, page, Unreadable, ReasonRedirect, "a redirect to https://login.example"},
		{"in-band error", 200, `{"incident":{},"error":"something broke"}`, Failed, "", "something broke"},
		{"in-band error, capital", 200, `{"Error":"something broke"}`, Failed, "", "something broke"},
		{"in-band bad query", 200, `{"incidentPreviews":[],"cursor":{},"error":"Invalid query string"}`, Invalid, ReasonQuery, "Invalid query string"},
		{"in-band unknown severity", 200, `{"error" : "Severity.FindOne: not found"}`, Invalid, ReasonSeverityUnknown, "Severity.FindOne: not found"},
		{"in-band forbidden", 200, `{"error":"forbidden"}`, Forbidden, ReasonPlugin, "forbidden"},
		{"a login page with 200", 200, page, Unreadable, ReasonHTML, "502 Bad Gateway"},
		{"an array", 200, `[]`, Unreadable, "", "[]"},
		{"null", 200, `null`, Unreadable, "", "null"},
		{"nothing", 200, ``, Unreadable, "", ""},
		{"nothing, 204", 204, ``, Unreadable, "", ""},
		{"cut off", 200, `{"incident":{"incidentID":"4`, Lost, "", ""},
		{"garbage after", 200, `{"incident":{}} trailing`, Unreadable, "", `{"incident":{}} trailing`},
		{"success", 200, oneIncident, "", "", ""},
		{"success with an inner error", 200, `{"hook":{"error":"of a hook run"},"error":""}`, "", "", ""},
		{"success with null", 200, `{"incident":{},"error": null}`, "", "", ""},
		{"success after a byte order", 200, ` {"error":""}`, "", "", ""},
		{"text that speaks of an error", 200, `{"title":"an \"error\": \"bad\"","error":""}`, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := http.Header{"Content-Type": {"application/json"}, "Location": {"https://login.example/secret?token=x"}}
			if strings.HasPrefix(c.body, "<") {
				h.Set("Content-Type", "text/html; charset=utf-8")
			}
			e := verdict(c.status, h, []byte(c.body))
			if c.code == "" {
				if e != nil {
					t.Fatalf("got %v, want success", e)
				}
				return
			}
			if e == nil || e.Code != c.code || e.Reason != c.reason || e.Message != c.message || e.Status != c.status {
				t.Fatalf("got %+v\nwant code %s, reason %q, message %q", e, c.code, c.reason, c.message)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 24, 14, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"":                              0,
		"0":                             0,
		"-3":                            0,
		"soon":                          0,
		"NaN":                           0,
		"2":                             2 * time.Second,
		" 1.5 ":                         1500 * time.Millisecond,
		"1e300":                         24 * time.Hour,
		"Inf":                           24 * time.Hour,
		"Tue, 24 Nov 2026 14:00:30 GMT": 30 * time.Second,
		"Tue, 24 Nov 2026 13:00:00 GMT": 0,
		"Fri, 24 Nov 2036 14:00:30 GMT": 24 * time.Hour,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestErrorText(t *testing.T) {
	for _, c := range []struct {
		e    *Error
		want string
	}{
		{&Error{Op: "set severity of 42", Code: Forbidden, Status: 403, Reason: ReasonRBAC, Message: "Permissions needed: x"}, "set severity of 42: forbidden (403, access.rbac): Permissions needed: x"},
		{&Error{Op: "list statuses", Code: NoMethod, Status: 404}, "list statuses: no method (404)"},
		{&Error{Op: "declare an incident", Code: Invalid, Reason: ReasonSeverityUnknown}, "declare an incident: invalid (severity.unknown)"},
		{&Error{Op: "get incident 42", Code: Lost, Status: 200, Err: errTruncated}, "get incident 42: lost (200): the answer ends in the middle"},
		{&Error{Code: Failed, Status: 500, Message: "broke"}, "failed (500): broke"},
	} {
		if got := c.e.Error(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
