package incident

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func zipped(body []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Bytes()
}

// Whatever a server on the wire does to an answer, a change either shows the API's own success or an *Error.
func TestAnswersOnTheWire(t *testing.T) {
	zip := func(w http.ResponseWriter, raw []byte) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(raw)
	}
	for _, c := range []struct {
		name   string
		serve  http.HandlerFunc
		code   Code
		reason string
	}{
		{"plain", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, oneIncident) }, "", ""},
		{"gzip", func(w http.ResponseWriter, _ *http.Request) { zip(w, zipped([]byte(oneIncident))) }, "", ""},
		{"gzip of an error", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(400)
			_, _ = w.Write(zipped([]byte(`{"error":"title is required"}`)))
		}, Invalid, ""},
		{"gzip that is none", func(w http.ResponseWriter, _ *http.Request) { zip(w, []byte(oneIncident)) }, Unreadable, ""},
		{"gzip cut off", func(w http.ResponseWriter, _ *http.Request) {
			raw := zipped([]byte(oneIncident))
			zip(w, raw[:len(raw)/2])
		}, Lost, ""},
		{"gzip damaged", func(w http.ResponseWriter, _ *http.Request) {
			raw := zipped([]byte(oneIncident))
			copy(raw[20:], "\x00\xff\x00\xff\x00\xff\x00\xff")
			zip(w, raw)
		}, Unreadable, ""},
		{"gzip bomb", func(w http.ResponseWriter, _ *http.Request) {
			zip(w, zipped(append([]byte(`{"error":"","x":"`), bytes.Repeat([]byte("a"), 4<<20)...)))
		}, Unreadable, ReasonTooLarge},
		{"another encoding", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = io.WriteString(w, oneIncident)
		}, Unreadable, ""},
		{"oversized", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"x":"`+strings.Repeat("a", maxBody)+`"}`)
		}, Unreadable, ReasonTooLarge},
		{"oversized error page", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(500)
			_, _ = io.WriteString(w, "<html><title>Oops</title>"+strings.Repeat("<p>stack trace</p>", 200_000))
		}, Failed, ""},
		{"shorter than announced", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(oneIncident)+10))
			_, _ = io.WriteString(w, oneIncident)
		}, Lost, ""},
		{"chunks that end early", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, oneIncident[:100])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, Lost, ""},
		{"whole, but cut JSON", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, oneIncident[:100]) }, Lost, ""},
		{"connection closed unanswered", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, Lost, ""},
		{"redirect 301", redirect(301), Unreadable, ReasonRedirect},
		{"redirect 302", redirect(302), Unreadable, ReasonRedirect},
		{"redirect 307", redirect(307), Unreadable, ReasonRedirect},
		{"redirect 308", redirect(308), Unreadable, ReasonRedirect},
		{"login page", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<!doctype html><title>Grafana</title>")
		}, Unreadable, ReasonHTML},
		{"an object without an incident", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) }, Unreadable, ReasonNoID},
		{"an incident without an id", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"incident":{"incidentID":"","title":"x"},"error":""}`)
		}, Unreadable, ReasonNoID},
		{"created", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(201)
			_, _ = io.WriteString(w, oneIncident)
		}, "", ""},
		{"another type for a field", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"incident":{"incidentID":"42","title":{"no":1}},"error":""}`)
		}, Unreadable, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var calls atomic.Int32
			s := served(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				if r.Method != http.MethodPost || r.Header.Get("Authorization") != "Bearer "+testToken {
					t.Errorf("%s with %v", r.Method, r.Header)
				}
				w.Header().Set("Content-Type", "application/json")
				c.serve(w, r)
			})
			i, err := s.Declare(within(t), Declaration{Title: "x"})
			if c.code == "" {
				if err != nil || i.ID != "42" {
					t.Fatalf("%+v, %v", i, err)
				}
				return
			}
			e := wantCode(t, err, c.code)
			if e.Reason != c.reason || e.Op != "declare an incident" || i.ID != "" || len(err.Error()) > 700 {
				t.Errorf("reason %q, want %q: %v", e.Reason, c.reason, err)
			}
			if n := calls.Load(); n != 1 {
				t.Errorf("a change was sent %d times", n)
			}
			if c.code != Invalid && !e.Uncertain() {
				t.Error("the caller would think that nothing happened")
			}
		})
	}
}

func redirect(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", code) }
}

func TestHang(t *testing.T) {
	for name, serve := range map[string]http.HandlerFunc{
		"before the answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"inside the body": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, oneIncident[:50])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var calls atomic.Int32
				s := simulated(t, func(w http.ResponseWriter, r *http.Request) {
					calls.Add(1)
					_, _ = io.Copy(io.Discard, r.Body) // so that the server notices when the client leaves
					serve(w, r)
				})
				began := time.Now()
				_, err := s.Declare(within(t), Declaration{Title: "x"})
				e := wantCode(t, err, Lost)
				if !e.Uncertain() || calls.Load() != 1 || time.Since(began) != callTimeout {
					t.Errorf("%v after %v and %d calls", err, time.Since(began), calls.Load())
				}
			})
		})
	}
}

func TestNobodyThere(t *testing.T) {
	var observed atomic.Int32
	client := NewHTTP()
	s, err := New(Config{URL: "http://127.0.0.1:1", Token: testSecret(testToken), HTTP: client, Observe: func(method string, code Code, _ time.Duration) {
		if method != "IncidentsService.CreateIncident" || code != Unavailable {
			t.Errorf("observed %s %s", method, code)
		}
		observed.Add(1)
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Declare(within(t), Declaration{Title: "x"})
	if e := wantCode(t, err, Unavailable); e.Uncertain() || !e.Temporary() {
		t.Error("a refused connection proves that nothing happened")
	}
	if n := observed.Load(); n != maxAttempts {
		t.Errorf("%d attempts", n)
	}
}

func TestConnectionsAreKept(t *testing.T) {
	var remotes atomic.Value
	s := served(t, func(w http.ResponseWriter, r *http.Request) {
		if before := remotes.Swap(r.RemoteAddr); before != nil && before != r.RemoteAddr {
			t.Errorf("a new connection from %s", r.RemoteAddr)
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(zipped([]byte(oneIncident)))
	})
	for range 5 {
		if _, err := s.Incident(within(t), "42"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHeadersAndObserver(t *testing.T) {
	script := newScript(t).on("IncidentsService.GetIncident", ok(oneIncident))
	var seen []string
	s, err := New(Config{URL: "https://my-stack.grafana.net", Token: testSecret("  " + testToken + "\n"), UserAgent: "incident-bot/9",
		HTTP:    &http.Client{Transport: script},
		Observe: func(m string, c Code, took time.Duration) { seen = append(seen, m+" "+string(c)) }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Incident(t.Context(), "42"); err != nil {
		t.Fatal(err)
	}
	h := script.calls("")[0].header
	if h.Get("Authorization") != "Bearer "+testToken || h.Get("User-Agent") != "incident-bot/9" || !strings.HasPrefix(h.Get("Content-Type"), "application/json") {
		t.Errorf("headers %v", h)
	}
	if path := script.calls("")[0].path; path != "/api/plugins/grafana-irm-app/resources/api/v1/IncidentsService.GetIncident" {
		t.Error(path)
	}
	if len(seen) != 1 || seen[0] != "IncidentsService.GetIncident " {
		t.Errorf("observed %q", seen)
	}
}
