package incident

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"":                                   "",
		"  two\r\n\tlines  ":                 "two lines",
		"a < b and c > d":                    "a < b and c > d",
		"<b>bold</b> text":                   "bold text",
		"&lt;b&gt;bold&lt;/b&gt; &amp; text": "bold & text",
		"<script>alert('x')</script>after":   "after",
		"<SCRIPT src=x>a<b</Script >after":   "after",
		"<style>p{}</style>after":            "after",
		"<!-- a > b -->after":                "after",
		"<p never ends":                      "",
		"zero\u200bwidth \u202eright":        "zerowidth right",
		"bad \xff\xfe bytes":                 "bad bytes",
		"nul\x00and\x1bescape":               "nul and escape",
		"token " + testToken + " shown":      "token [redacted] shown",
		"Authorization:Bearer" + testToken:   "Authorization:Bearer[redacted]",
		"xoxb-123456789012-abcdef":           "[redacted]",
		"a glsa_ prefix":                     "a glsa_ prefix",
		"invalid character '<' looking":      "invalid character '<' looking",
		"İ<script>İ</script>é":               "İ é",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
	long := plain(strings.Repeat("ü", 500))
	if n := utf8.RuneCountInString(long); n != maxMessage || !strings.HasSuffix(long, "…") {
		t.Errorf("%d characters, %q", n, long)
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		`{"error":"x"}`, `{"message":"Unauthorized","messageId":"auth.unauthorized"}`, `{"msg":5,"error":{"message":[1]}}`,
		"<html><title>502</title><script>a</script>", `{"error":"` + testToken + `"}`, "\ufeff{}", `{"error":tru`, "<!--", "a<b",
	} {
		f.Add(500, "text/html", []byte(seed))
		f.Add(200, "application/json", []byte(seed))
	}
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		status = 100 + (status%500+500)%500
		e := verdict(status, map[string][]string{"Content-Type": {kind}}, body)
		if e == nil {
			if status < 200 || status > 299 || !strings.Contains(string(body), "{") {
				t.Fatalf("%d %q is taken for success", status, body)
			}
			return
		}
		for _, text := range []string{e.Message, e.Error()} {
			if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) || strings.Contains(text, testToken) {
				t.Fatalf("%q from %q", text, body)
			}
		}
		if utf8.RuneCountInString(e.Message) > maxMessage || e.Code == "" {
			t.Fatalf("%+v from %q", e, body)
		}
		if i := strings.Index(e.Message, "<script"); i >= 0 {
			t.Fatalf("markup in %q from %q", e.Message, body)
		}
	})
}
