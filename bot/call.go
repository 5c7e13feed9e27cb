package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/slack-go/slack"
)

// callTimeout bounds one request to Slack. Slack answers within a second nearly always; a person waits meanwhile.
const callTimeout = 5 * time.Second

// answer is what the bot reads of Slack's answer to a message method or auth.test. slack-go reads the whole message
// back, blocks and all; posting through it costs four times the CPU (BenchmarkPost), and every answer is a post.
type answer struct {
	OK       bool   `json:"ok"`
	Error    string `json:"error"`
	Needed   string `json:"needed"`
	Provided string `json:"provided"`
	Metadata struct {
		Messages []string `json:"messages"`
	} `json:"response_metadata"`
	Errors json.RawMessage `json:"errors"`

	Channel   string `json:"channel"`
	TS        string `json:"ts"`
	MessageTS string `json:"message_ts"`

	TeamID            string `json:"team_id"`
	EnterpriseID      string `json:"enterprise_id"`
	UserID            string `json:"user_id"`
	BotID             string `json:"bot_id"`
	EnterpriseInstall bool   `json:"is_enterprise_install"`
}

// caller posts JSON to the Web API and to response URLs. Its errors are slack-go's types, as the methods called
// through slack-go give them.
type caller struct {
	http *http.Client
	url  string // of the API, with a slash at its end
}

// method calls one Web API method.
func (c caller) method(ctx context.Context, name string, token Secret, body []byte) (answer, error) {
	resp, err := c.post(ctx, c.url+name, token, body)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", name, err)
	}
	defer drainClose(resp.Body)
	a, err := readAnswer(resp)
	if err != nil {
		return a, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

// hook posts to a response URL. The URL is a secret: no error names it.
func (c caller) hook(ctx context.Context, target Secret, body []byte) error {
	resp, err := c.post(ctx, target.Reveal(), Secret{}, body)
	if err != nil {
		return fmt.Errorf("response URL: %w", err)
	}
	defer drainClose(resp.Body)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		_, err = readAnswer(resp)
	} else {
		err = readOK(resp.Body)
	}
	if err != nil {
		return fmt.Errorf("response URL: %w", err)
	}
	return nil
}

// post does not use http.Client.Do, which prepares each request for redirects and cookies; there are none.
func (c caller) post(ctx context.Context, target string, token Secret, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("not a usable address")
	}
	req.Header["Content-Type"] = []string{"application/json; charset=utf-8"}
	if !token.IsZero() {
		req.Header["Authorization"] = []string{"Bearer " + token.Reveal()}
	}
	resp, err := c.transport().RoundTrip(req)
	if withURL, ok := errors.AsType[*url.Error](err); ok {
		err = withURL.Err // its text would show the address
	}
	return resp, err
}

func (c caller) transport() http.RoundTripper {
	if c.http.Transport != nil {
		return c.http.Transport
	}
	return http.DefaultTransport
}

// readAnswer reads Slack's verdict.
func readAnswer(resp *http.Response) (answer, error) {
	if resp.StatusCode == http.StatusTooManyRequests {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return answer{}, &slack.RateLimitedError{RetryAfter: time.Duration(max(1, seconds)) * time.Second}
	}
	if resp.StatusCode != http.StatusOK {
		return answer{}, slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		return a, &unreadableError{err}
	}
	if !a.OK {
		return a, slack.SlackErrorResponse{
			Err: a.Error, Needed: a.Needed, Provided: a.Provided,
			ResponseMetadata: slack.ResponseMetadata{Messages: a.Metadata.Messages},
		}
	}
	return a, nil
}

// readOK reads the answer of a response URL: the text "ok" as a rule, JSON at times, whatever its content type says.
func readOK(body io.Reader) error {
	var (
		text [1024]byte // of which "ok" takes two
		n    int
		err  error
	)
	for n < len(text) && err == nil {
		var more int
		more, err = body.Read(text[n:])
		n += more
	}
	switch said := string(bytes.TrimSpace(text[:n])); {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case said == "ok", said == "":
		return nil
	case said[0] == '{':
		return readVerdict([]byte(said))
	default:
		return &unreadableError{fmt.Errorf("not ok, %d bytes", len(said))}
	}
}

// readVerdict reads JSON that may say that it did not work; what says nothing about it is a success.
func readVerdict(said []byte) error {
	a := answer{OK: true}
	if err := json.Unmarshal(said, &a); err != nil {
		return &unreadableError{err}
	}
	if !a.OK {
		return slack.SlackErrorResponse{Err: a.Error}
	}
	return nil
}

// drainClose lets the connection be used again.
func drainClose(body io.ReadCloser) {
	_, _ = io.Copy(io.Discard, io.LimitReader(body, 64<<10))
	_ = body.Close()
}

// unreadableError is an answer that is not Slack's: a proxy's page, a body cut off.
type unreadableError struct{ err error }

func (e *unreadableError) Error() string { return "unreadable answer: " + e.err.Error() }
func (e *unreadableError) Unwrap() error { return e.err }

// encode is json.Marshal without \u003c for each <: Slack reads both, and the text is a third shorter.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
