package incidenttest

import (
	"fmt"
	"time"
)

// Seed fills the stack with a lively past: people, statuses, labels and fields of its own, and eight incidents, active,
// resolved, a drill and a private one, told back from now. The next incident declared is 42. It is for a new stack; one
// that holds incidents makes it panic.
func (s *Server) Seed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.records) > 0 {
		panic("incidenttest: seed a stack that holds incidents")
	}
	s.seedOrg()
	for _, one := range stories() {
		s.seed(one)
	}
}

// seedOrg is the set-up of a team that has used the stack for a while.
func (s *Server) seedOrg() {
	at := s.ago(400 * 24 * time.Hour)
	s.org.users = people(at)
	for i, name := range []string{"mitigated", "monitoring"} {
		s.org.statuses = append(s.org.statuses, Status{StatusID: fmt.Sprintf("status-own-%d", i+1), IncidentType: "internal", Name: name,
			Category: "active", Kind: "custom", Slug: slug(name), Position: i + 2, Color: "#5794f2", CreatedTime: at, ModifiedTime: at})
	}
	s.org.roles = append(s.org.roles, OrgRole{RoleID: 4, OrgID: "1", Name: "communicator", Description: "Tells customers",
		Important: true, CreatedAt: at, UpdatedAt: at})
	tags := &s.org.fields[0]
	for _, v := range []string{"security", "customer-facing", "database"} {
		tags.Options = append(tags.Options, option("tags", v))
	}
	team := Field{UUID: "field-team", Name: "team", Slug: "team", Type: "single-select", DomainName: "labels", Source: "native", Version: 1}
	owner := Field{UUID: "field-owner", Name: "Owning team", Slug: "owner", Type: "single-select", DomainName: "incident", Source: "native", Version: 1}
	for _, v := range []string{"payments", "platform", "web"} {
		team.Options = append(team.Options, option("team", v))
		owner.Options = append(owner.Options, option("owner", v))
	}
	impact := Field{UUID: "field-customers", Name: "Customers hit", Slug: "customers", Type: "number", DomainName: "incident",
		Source: "native", Version: 1, Options: []Option{}}
	s.org.fields = append(s.org.fields, team, owner, impact)
}

func option(of, value string) Option {
	return Option{UUID: "option-" + of + "-" + value, Value: value, Label: value, Color: "#5794f2", Source: "native"}
}

// people are those the stack knows.
func people(at string) []User {
	var all []User
	for i, p := range []struct{ name, login, slack string }{
		{"Ana Ruiz", "ana", "U0ANA00000"}, {"Ben Cole", "ben", "U0BEN00000"}, {"Chen Li", "chen", ""}, {"Dora Falk", "dora", "U0DORA0000"},
	} {
		u := User{UserID: fmt.Sprintf("grafana-incident:%d", i+1), InternalUserID: fmt.Sprint(i + 1), Email: p.login + "@example.com", ModifiedTime: at,
			Name: p.name, GrafanaUserID: fmt.Sprint(100 + i), GrafanaLogin: p.login, SlackUserID: p.slack}
		if p.slack != "" {
			u.SlackTeamID = "T0ACME0000"
		}
		all = append(all, u)
	}
	return all
}

// ago is a time before now as the API writes it.
func (s *Server) ago(d time.Duration) string {
	return s.now().Add(-d).Truncate(time.Second).Format(time.RFC3339Nano)
}

// story is an incident of the seed. Times are how long ago.
type story struct {
	id                   int
	title, severity      string
	status               string
	drill, private       bool
	labels               [][2]string
	by, commander        int // places in people, from 1; 0 is nobody
	declared, ended      time.Duration
	notes, updates, todo []string
}

func (s *Server) seed(t story) {
	start := s.ago(t.declared)
	by := s.org.users[t.by-1].preview()
	i := Incident{ID: fmt.Sprint(t.id), Title: t.title, Severity: t.severity, Status: t.status, IsDrill: t.drill, CreatedBy: by,
		CreatedTime: start, ModifiedTime: start, IncidentStart: start}
	if t.private {
		i.IncidentType = "private"
	}
	for _, l := range t.labels {
		i.Labels = append(i.Labels, Label{Key: l[0], Label: l[1], ColorHex: "#5794f2"})
	}
	if t.commander > 0 {
		role, _ := s.org.role("commander")
		i.Assignments = []Assignment{{User: s.org.users[t.commander-1].preview(), Role: role, RoleID: role.RoleID}}
	}
	s.tell(&i, t, by)
	for _, text := range t.todo {
		i.Tasks = append(i.Tasks, Task{TaskID: s.nextID("task"), Text: text, Status: "todo", CreatedTime: start, ModifiedTime: start, AuthorUser: &by})
	}
	if t.ended > 0 {
		i.ClosedTime = s.ago(t.ended)
		i.IncidentEnd, i.ModifiedTime = i.ClosedTime, i.ClosedTime
		i.DurationSeconds = int((t.declared - t.ended) / time.Second)
	}
	s.add(i)
}

// tell writes a seeded incident's timeline and status updates, some minutes apart.
func (s *Server) tell(i *Incident, t story, by UserPreview) {
	i.Activity = []Activity{{ActivityKind: "incidentCreated", Body: "declared the incident", User: by, Immutable: true, CreatedTime: i.CreatedTime}}
	at := t.declared
	next := func() string {
		at -= min(4*time.Minute, (at-t.ended)/2)
		i.ModifiedTime = s.ago(at)
		return i.ModifiedTime
	}
	for _, text := range t.notes {
		i.Activity = append(i.Activity, Activity{ActivityKind: "userNote", Body: text, User: by, CreatedTime: next()})
	}
	status, _ := s.org.statusNamed("internal", i.Status)
	for _, text := range t.updates {
		i.KeyUpdates = append(i.KeyUpdates, KeyUpdate{Content: text, ContentType: "text/markdown+slack", CreatedBy: by, LastModifiedBy: by,
			CreatedTime: next(), StatusID: status.StatusID, SeverityID: s.org.severityID(i.Severity)})
	}
	i.Version = len(i.Activity) + len(i.KeyUpdates)
}

// stories is the past, oldest first.
func stories() []story {
	const day = 24 * time.Hour
	return []story{
		{id: 7, title: "Orders stuck in the queue", severity: "Major", status: "resolved",
			by: 1, commander: 2, declared: 60 * day, ended: 60*day - 3*time.Hour,
			labels:  [][2]string{{"team", "payments"}},
			notes:   []string{"Consumer restarted", "Backlog is at 12,000 and falling"},
			updates: []string{"The queue is empty again."}},
		{id: 15, title: "Certificate of api.example.com ran out", severity: "Critical", status: "resolved",
			by: 2, commander: 1, declared: 33 * day, ended: 33*day - 40*time.Minute,
			labels:  [][2]string{{"team", "platform"}, {"tags", "customer-facing"}},
			notes:   []string{"Renewed by hand"},
			updates: []string{"All clients connect again."}},
		{id: 23, title: "Fail-over of the primary database", severity: "Minor", status: "resolved", drill: true,
			by: 3, commander: 3, declared: 12 * day, ended: 12*day - 90*time.Minute,
			labels: [][2]string{{"tags", "database"}},
			notes:  []string{"Replica promoted after 48 s"}},
		{id: 31, title: "Leaked credentials of a contractor", severity: "Critical", status: "active", private: true,
			by: 4, commander: 4, declared: 3 * day,
			labels: [][2]string{{"tags", "security"}},
			notes:  []string{"All sessions ended"}},
		{id: 36, title: "Search is slow in Europe", severity: "Minor", status: "monitoring",
			by: 2, declared: 26 * time.Hour,
			labels:  [][2]string{{"team", "web"}},
			notes:   []string{"p95 is 2.4 s, usually 300 ms", "Index rebuilt on two nodes"},
			updates: []string{"A fix is in; we watch it over night."}},
		{id: 38, title: "Backup drill of the week", severity: "Pending", status: "active", drill: true,
			by: 3, commander: 3, declared: 5 * time.Hour, todo: []string{"Restore into the test account"}},
		{id: 40, title: "E-mail notifications are late", severity: "Major", status: "mitigated",
			by: 1, commander: 2, declared: 2 * time.Hour,
			labels:  [][2]string{{"team", "platform"}, {"tags", "customer-facing"}},
			notes:   []string{"Provider reports trouble: https://status.example.com/1234", "Second provider takes half of the traffic"},
			updates: []string{"Mail is up to 20 minutes late. No mail is lost."}, todo: []string{"Ask the provider for a time", "Write to support"}},
		{id: 41, title: "Checkout returns 500s", severity: "Critical", status: "active",
			by: 2, commander: 1, declared: 25 * time.Minute,
			labels:  [][2]string{{"team", "payments"}, {"tags", "customer-facing"}},
			notes:   []string{"One in five orders fails since the release of 14:05", "Rolling back"},
			updates: []string{"*Some orders fail.* We are rolling back the last release."}, todo: []string{"Roll back checkout"}},
	}
}
