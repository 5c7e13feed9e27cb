package incidenttest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

// model is what an incident should look like after some changes, kept by the simplest rules there are.
type model struct {
	title, severity, status string
	drill                   bool
	labels, notes, tasks    []string
	changes                 int
}

// walk is a random walk of changes over one incident, by the official client.
type walk struct {
	t     *testing.T
	draw  *rand.Rand
	inc   *api.IncidentsService
	notes *api.ActivityService
	tasks *api.TasksService
	id    string
	want  model
	ids   map[string]string // of tasks and notes, by text
}

func (w *walk) pick(of ...string) string { return of[w.draw.IntN(len(of))] }

// step makes one random change to the incident and to the model.
func (w *walk) step(n int) {
	ctx, m := w.t.Context(), &w.want
	m.changes++
	switch w.draw.IntN(8) {
	case 0:
		m.title = fmt.Sprint("title ", n)
		must(w.inc.UpdateTitle(ctx, api.UpdateTitleRequest{IncidentID: w.id, Title: m.title}))(w.t)
	case 1:
		m.severity = w.pick("Critical", "Major", "Minor", "Pending")
		must(w.inc.UpdateSeverity(ctx, api.UpdateSeverityRequest{IncidentID: w.id, Severity: strings.ToUpper(m.severity)}))(w.t)
	case 2:
		m.status = w.pick("active", "resolved")
		must(w.inc.UpdateStatus(ctx, api.UpdateStatusRequest{IncidentID: w.id, Status: m.status}))(w.t)
	case 3:
		m.drill = w.draw.IntN(2) == 0
		must(w.inc.UpdateIncidentIsDrill(ctx, api.UpdateIncidentIsDrillRequest{IncidentID: w.id, IsDrill: m.drill}))(w.t)
	case 4:
		w.label(w.pick("a", "b", "c"))
	case 5:
		text := fmt.Sprint("note ", n)
		m.notes = append(m.notes, text)
		w.ids[text] = must(w.notes.AddActivity(ctx, api.AddActivityRequest{IncidentID: w.id, ActivityKind: "userNote", Body: text}))(w.t).ActivityItem.ActivityItemID
	case 6:
		text := fmt.Sprint("task ", n)
		m.tasks = append(m.tasks, text)
		w.ids[text] = must(w.tasks.AddTask(ctx, api.AddTaskRequest{IncidentID: w.id, Text: text}))(w.t).Task.TaskID
	case 7:
		w.remove()
	}
}

// label puts a label on, or takes it off when it is there.
func (w *walk) label(text string) {
	if at := slices.Index(w.want.labels, text); at >= 0 {
		w.want.labels = slices.Delete(w.want.labels, at, at+1)
		must(w.inc.RemoveLabel(w.t.Context(), api.RemoveLabelRequest{IncidentID: w.id, Label: text}))(w.t)
		return
	}
	w.want.labels = append(w.want.labels, text)
	must(w.inc.AddLabel(w.t.Context(), api.AddLabelRequest{IncidentID: w.id, Label: api.IncidentLabel{Label: text}}))(w.t)
}

// remove takes away the oldest note, or the oldest task, or nothing.
func (w *walk) remove() {
	switch m := &w.want; {
	case len(m.notes) > 0:
		must(w.notes.RemoveActivity(w.t.Context(), api.RemoveActivityRequest{IncidentID: w.id, ActivityItemID: w.ids[m.notes[0]]}))(w.t)
		m.notes = m.notes[1:]
	case len(m.tasks) > 0:
		must(w.tasks.DeleteTask(w.t.Context(), api.DeleteTaskRequest{IncidentID: w.id, TaskID: w.ids[m.tasks[0]]}))(w.t)
		m.tasks = m.tasks[1:]
	default:
		m.changes--
	}
}

// seen is the incident by GetIncident, as a model.
func (w *walk) seen(s *incidenttest.Server) model {
	one := must(w.inc.GetIncident(w.t.Context(), api.GetIncidentRequest{IncidentID: w.id}))(w.t).Incident
	m := model{title: one.Title, severity: one.Severity, status: one.Status, drill: one.IsDrill}
	for _, l := range one.Labels {
		m.labels = append(m.labels, l.Label)
	}
	for _, task := range one.TaskList.Tasks {
		m.tasks = append(m.tasks, task.Text)
	}
	kept, _ := s.Incident(w.id)
	m.changes = kept.Version - 1
	for _, a := range kept.Activity {
		if a.ActivityKind == "userNote" {
			m.notes = append(m.notes, a.Body)
		}
	}
	return m
}

// TestRandomChangesAgainstAModel walks at random and compares what GetIncident, the previews and the test's own view
// show after every step.
func TestRandomChangesAgainstAModel(t *testing.T) {
	for seed := range uint64(6) {
		c := newClock()
		s := start(t, incidenttest.Options{Now: c.Now})
		official := client(s)
		w := &walk{t: t, draw: rand.New(rand.NewPCG(seed, 3)), inc: api.NewIncidentsService(official), notes: api.NewActivityService(official),
			tasks: api.NewTasksService(official), ids: map[string]string{}, want: model{title: "x", severity: "Pending", status: "active"}}
		w.id = must(w.inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "x"}))(t).Incident.IncidentID
		for n := range 60 {
			c.Add(time.Second)
			w.step(n)
			if got, want := fmt.Sprintf("%+v", w.seen(s)), fmt.Sprintf("%+v", w.want); got != want {
				t.Fatalf("seed %d, step %d:\n%s, want\n%s", seed, n, got, want)
			}
			p := must(w.inc.QueryIncidentPreviews(t.Context(), api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{Limit: 1, QueryString: "status:" + w.want.status}}))(t).IncidentPreviews
			if len(p) != 1 || p[0].Title != w.want.title || p[0].SeverityLabel != w.want.severity || p[0].IsDrill != w.want.drill || p[0].Version != w.want.changes+1 ||
				len(p[0].Labels) != len(w.want.labels) || (p[0].ClosedTime == "") == (w.want.status == "resolved") {
				t.Fatalf("seed %d, step %d: %+v, want %+v", seed, n, p, w.want)
			}
		}
	}
}
