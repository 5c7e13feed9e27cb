package slacktest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// request is a Web API request as it was understood.
type request struct {
	args   map[string]string
	token  string
	header bool // the token came in the Authorization header
	warn   []string
	err    string // Slack's name for a body that cannot be read
}

// bodyMax is more than any call of Slack takes.
const bodyMax = 4 << 20

// readRequest reads arguments from the query, a form or a JSON object. A method that is documented for forms alone
// takes no arguments from JSON, as Slack does: they are simply not seen.
func readRequest(r *http.Request, formOnly bool) request {
	req := request{args: map[string]string{}}
	if auth, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		req.token, req.header = strings.TrimSpace(auth), true
	}
	for k := range r.URL.Query() {
		req.args[k] = r.URL.Query().Get(k)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMax))
	if err != nil {
		req.err = "request_timeout"
		return req
	}
	req.readBody(r, body, formOnly)
	if !req.header {
		req.token = req.args["token"]
	}
	delete(req.args, "token")
	return req
}

func (req *request) readBody(r *http.Request, body []byte, formOnly bool) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0:
	case kind == "application/json":
		if params["charset"] == "" {
			req.warn = append(req.warn, "missing_charset")
		}
		if !formOnly {
			req.err = req.readJSON(body)
		}
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			req.err = "invalid_form_data"
			return
		}
		for k := range form {
			req.args[k] = form.Get(k)
		}
	case kind == "multipart/form-data":
		r.Body = io.NopCloser(bytes.NewReader(body))
		if r.ParseMultipartForm(bodyMax) != nil {
			req.err = "invalid_form_data"
			return
		}
		for k := range r.MultipartForm.Value {
			req.args[k] = r.FormValue(k)
		}
	case kind == "":
		req.err = "missing_post_type"
	default:
		req.err = "invalid_post_type"
	}
}

// readJSON reads a JSON object. A token in it does not count (docs: web-api, JSON bodies need the header).
func (req *request) readJSON(body []byte) (errName string) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(body, &m); err != nil {
		if json.Valid(body) {
			return "json_not_object"
		}
		return "invalid_json"
	}
	delete(m, "token")
	for k, v := range m {
		var str string
		switch {
		case bytes.Equal(v, []byte("null")):
		case json.Unmarshal(v, &str) == nil:
			req.args[k] = str
		default:
			req.args[k] = string(v)
		}
	}
	return ""
}

// rawArg is a JSON argument; nil when it was not given.
func (c *call) rawArg(key string) json.RawMessage {
	if v := strings.TrimSpace(c.args[key]); v != "" && v != "null" {
		return json.RawMessage(v)
	}
	return nil
}
