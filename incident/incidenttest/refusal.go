package incidenttest

import "fmt"

// refusal is an answer that is not a success.
type refusal struct {
	status int
	body   any
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %v", r.status, r.body) }

// pluginError is how the plugin itself refuses.
func pluginError(status int, format string, args ...any) error {
	return &refusal{status: status, body: map[string]any{"error": fmt.Sprintf(format, args...)}}
}

// invalid refuses what a request says.
func invalid(format string, args ...any) error { return pluginError(400, format, args...) }

// unauthorized is Grafana's own refusal of a token.
func unauthorized(id, message string) error {
	return &refusal{status: 401, body: map[string]any{"message": message, "messageId": id, "statusCode": 401, "traceID": ""}}
}

// noMethod answers for a method, or a base of it, that does not exist.
func noMethod() error {
	return &refusal{status: 404, body: map[string]any{"message": "404 page not found"}}
}

// noPlugin answers while the plugin is not installed.
func noPlugin() error {
	return &refusal{status: 404, body: map[string]any{"message": "Plugin not found"}}
}

// asleep answers for a stack that sleeps, was archived or never was.
func asleep() error {
	return &refusal{status: 404, body: map[string]any{"code": "NotFound", "message": "We do not recognize the instance URL you're trying to reach."}}
}
