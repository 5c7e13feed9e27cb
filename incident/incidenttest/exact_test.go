package incidenttest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"testing"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

// tour drives the official client and keeps the last answer as it was on the wire.
type tour struct {
	t      *testing.T
	s      *incidenttest.Server
	client *api.Client
	last   []byte
	seen   map[string]bool // methods called
}

func newTour(t *testing.T, s *incidenttest.Server) *tour {
	u := &tour{t: t, s: s, seen: map[string]bool{}}
	u.client = api.NewClient(s.URL()+"/api/plugins/"+v1, s.NewToken(incidenttest.Admin))
	u.client.HTTPClient.Transport = u
	return u
}

// RoundTrip keeps what came.
func (u *tour) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Del("Accept-Encoding")
	out, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer out.Body.Close()
	u.last, err = io.ReadAll(out.Body)
	out.Body = io.NopCloser(bytes.NewReader(u.last))
	if out.StatusCode != http.StatusOK {
		u.t.Errorf("%s: %d %s", r.URL.Path, out.StatusCode, u.last)
	}
	return out, err
}

// does calls a method and holds that its answer has every field of the official client's type, no other one, and the
// empty error of a success.
func does[In, Out any](u *tour, method func(context.Context, In) (*Out, error), in In) *Out {
	u.t.Helper()
	name := methodName(method)
	u.seen[name] = true
	out, err := method(u.t.Context(), in)
	if err != nil {
		u.t.Fatalf("%s: %v", name, err)
	}
	var wire, typed map[string]any
	data, err := json.Marshal(out)
	if json.Unmarshal(u.last, &wire) != nil || err != nil || json.Unmarshal(data, &typed) != nil {
		u.t.Fatalf("%s: %s", name, u.last)
	}
	if said, ok := wire["error"]; !ok || said != "" {
		u.t.Errorf("%s: the error is %v", name, said)
	}
	delete(wire, "error")
	if !reflect.DeepEqual(wire, typed) {
		u.t.Errorf("%s\n on the wire: %s\n as the client reads it: %s", name, canonical(u.t, wire), canonical(u.t, typed))
	}
	return out
}

// methodName is the "Service.Method" of a method value of the official client.
func methodName(method any) string {
	name := runtime.FuncForPC(reflect.ValueOf(method).Pointer()).Name() // ….(*TasksService).AddTask-fm
	name = name[strings.Index(name, "(*")+2:]
	return strings.TrimSuffix(strings.Replace(name, ").", ".", 1), "-fm")
}

// clientMethods lists every method the official client has.
func clientMethods(c *api.Client) []string {
	var all []string
	for _, service := range []any{api.NewActivityService(c), api.NewFieldsService(c), api.NewIncidentsService(c), api.NewIntegrationService(c),
		api.NewKeyUpdatesService(c), api.NewRolesService(c), api.NewStatusService(c), api.NewTasksService(c), api.NewUsersService(c)} {
		kind := reflect.TypeOf(service)
		for n := range kind.NumMethod() {
			all = append(all, kind.Elem().Name()+"."+kind.Method(n).Name)
		}
	}
	return all
}

// TestEveryMethodIsExact takes the official client through all its methods.
func TestEveryMethodIsExact(t *testing.T) {
	s := start(t, incidenttest.Options{SystemTasks: true})
	s.Seed()
	u := newTour(t, s)
	id := u.declares()
	u.changes(id)
	u.labels(id)
	u.notes(id)
	u.updates(id)
	u.tasks(id)
	u.people(id)
	u.fields(id)
	u.roles()
	u.statuses()
	u.hooks(id)
	u.searches()
	all := clientMethods(u.client)
	if len(all) != 69 { // facts of incident-go v1.92.2: 9 services, 69 methods
		t.Errorf("the client has %d methods", len(all))
	}
	for _, name := range all {
		if !u.seen[name] {
			t.Errorf("%s was not called", name)
		}
	}
	for _, c := range s.Calls("") {
		if c.Status != http.StatusOK || c.Role != incidenttest.Admin {
			t.Errorf("%s: %d as %s", c.Method, c.Status, c.Role)
		}
	}
}
