package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"incident-bot/bot"
)

func TestPostgresOutage(t *testing.T) {
	s := ownServer(t)
	where := s.database(t)
	var log lockedBuffer
	with := quick()
	// Who comes back first leaves the other in peace for a lease: that has to do on a busy machine, where a connection
	// takes seconds.
	with.lease, with.answer = 8*time.Second, usualTiming().answer
	one := openIt(t, where, Options{Log: zerolog.New(&log)}, with)
	var given atomic.Int64
	if err := one.Open(t.Context(), func(bot.Entry) { given.Add(1) }); err != nil {
		t.Fatal(err)
	}
	two := newReplica(t, where, with)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(log.String())
		}
	})
	running, waits := put(t, one, inLane("1", "running")), put(t, one, inLane("2", "waits"))
	start(t, one, running)
	begin(t, one, running, "declare", "")

	s.stop(t)
	for what, err := range map[string]error{
		"put":   within(t, func(ctx context.Context) error { _, err := one.Put(ctx, entry("refused")); return err }),
		"start": within(t, func(ctx context.Context) error { _, err := one.Start(ctx, waits); return err }),
		"begin": within(t, func(ctx context.Context) error { _, err := one.Begin(ctx, running, "note", nil); return err }),
		"kept":  within(t, func(ctx context.Context) error { _, err := one.Kept(ctx, "x"); return err }),
	} {
		if !errors.Is(err, bot.ErrUnkept) {
			t.Errorf("%s while the database is away: %v", what, err)
		}
	}
	if err := one.Err(); err == nil || strings.Contains(err.Error(), s.dir) {
		t.Errorf("err: %v", err)
	}
	one.Concluded(running, "declare", []byte("42"))
	one.End(running, false, "")
	one.Keep("card", []byte("x"), time.Now().Add(time.Hour))
	one.Later(waits, time.Time{}, "put off while it was away")
	eventually(t, "the leases of both are over", after(with.lease))

	s.start(t)
	eventually(t, "all is well again", func() bool { return one.Err() == nil && two.Err() == nil })
	list := waiting(t, one)
	if len(list) != 1 || list[0].Why != "put off while it was away" || list[0].Crashes != 0 {
		t.Errorf("waiting: %+v", list)
		t.Log(one.id, two.id, query[string](t, where, `SELECT concat_ws(' ', id, owner, state, attempts, crashes, ended, taken) FROM deliveries`))
	}
	if value, err := one.Kept(t.Context(), "card"); err != nil || string(value) != "x" {
		t.Errorf("kept: %q, %v", value, err)
	}
	start(t, one, waits)
	put(t, one, entry("refused"))
	if given.Load() != 0 || len(two.got()) != 0 {
		t.Errorf("taken from a process that lives: %d and %s", given.Load(), keysOf(two.got()))
	}
	if n := strings.Count(log.String(), `"level":"error"`); n == 0 || n > 3 {
		t.Errorf("%d lines of errors:\n%s", n, log.String())
	}
}

// within gives the error of something that has to come soon.
func within(t *testing.T, do func(context.Context) error) error {
	t.Helper()
	began := time.Now()
	err := do(t.Context())
	if took := time.Since(began); took > 3*time.Second { // Slack waits no longer
		t.Errorf("an answer after %s", took)
	}
	return err
}

// after is true when that much time has passed.
func after(d time.Duration) func() bool {
	end := time.Now().Add(d)
	return func() bool { return time.Now().After(end) }
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestPostgresFailures(t *testing.T) {
	s := newServer(t)
	for name, test := range map[string]func(*testing.T, *server, string){
		"an answer that is lost":            failureLostAnswer,
		"answers that are lost for good":    failureLostForGood,
		"a put that comes too late":         failureLate,
		"a read-only database":              failureReadOnly,
		"a newer schema":                    failureNewer,
		"many that start at once":           failureRace,
		"texts that the database refuses":   failureTexts,
		"one bad statement among good ones": failureBadStatement,
		"what is old":                       failureOld,
		"nothing there":                     failureNothing,
	} {
		t.Run(name, func(t *testing.T) { test(t, s, s.database(t)) })
	}
}

// failureLate: whoever was told that nothing was taken may rely on that, though the database gets to it later.
func failureLate(t *testing.T, _ *server, where string) {
	p := openIt(t, where, Options{}, steady())
	put(t, p, entry("warm up"))
	ctx := context.Background()
	blocker, err := pgx.Connect(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	defer blocker.Close(ctx)
	tx, err := blocker.Begin(ctx)
	if err == nil {
		_, err = tx.Exec(ctx, `LOCK TABLE deliveries`)
	}
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	if _, err := p.Put(short, entry("late")); !errors.Is(err, bot.ErrUnkept) {
		t.Fatalf("put: %v", err)
	}
	if err := tx.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the table is free", func() bool { return p.Err() == nil })
	put(t, p, entry("late"))
	waiting(t, p)
	if list := waiting(t, p); keysOf(list) != "[warm up late]" {
		t.Errorf("waiting: %s", keysOf(list))
	}
}

func failureReadOnly(t *testing.T, s *server, where string) {
	with := steady()
	with.answer = usualTiming().answer
	p := openIt(t, where, Options{}, with)
	name := where[strings.LastIndex(strings.SplitN(where, "?", 2)[0], "/")+1:]
	name, _, _ = strings.Cut(name, "?")
	s.exec(t, s.base, "ALTER DATABASE "+name+" SET default_transaction_read_only = on")
	kick := `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '` + name + `' AND pid <> pg_backend_pid()`
	s.exec(t, s.base, kick)
	eventually(t, "it is noticed", func() bool { return p.Err() != nil })
	if _, err := p.Put(t.Context(), entry("a")); !errors.Is(err, bot.ErrUnkept) || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("put: %v", err)
	}
	s.exec(t, s.base, "ALTER DATABASE "+name+" RESET default_transaction_read_only")
	s.exec(t, s.base, kick)
	eventually(t, "it works again", func() bool { return p.Err() == nil })
	put(t, p, entry("a"))
}

func failureNewer(t *testing.T, s *server, where string) {
	p := openIt(t, where, Options{}, steady())
	put(t, p, entry("a"))
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	s.exec(t, where, `UPDATE schema_version SET version = 1000`)
	s.exec(t, where, `ALTER TABLE deliveries RENAME TO shipments`)
	_, err := Open(t.Context(), where, Options{})
	if err == nil || !strings.Contains(err.Error(), "version 1000") || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("open: %v", err)
	}
	tables := query[string](t, where, `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`)
	if got := strings.Join(tables, " "); got != "effects kept names owners schema_version shipments" {
		t.Errorf("tables: %s", got)
	}
}

func failureRace(t *testing.T, _ *server, where string) {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			j, err := openPostgresTimed(t.Context(), where, Options{}, steady())
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := j.Put(t.Context(), inLane(fmt.Sprint(i), fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
			if err := j.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := query[int](t, where, `SELECT version FROM schema_version`); len(got) != 1 || got[0] != len(postgresSteps()) {
		t.Errorf("versions: %v", got)
	}
	if got := len(newReplica(t, where, steady()).got()); got != 8 {
		t.Errorf("%d of 8 are left", got)
	}
}

func failureTexts(t *testing.T, _ *server, where string) {
	p := openIt(t, where, Options{}, steady())
	for _, text := range []string{"with \x00 in it", "not UTF-8: \xff", strings.Repeat("long ", 1<<16)} {
		e := inLane(text, text)
		e.Names, e.User = []string{text + "1"}, text
		id := put(t, p, e)
		if !seen(t, p, inLane("x", text)) || !seen(t, p, entry("y", text+"1")) {
			t.Errorf("%.20q is not recognised", text)
		}
		start(t, p, id)
		begin(t, p, id, text[:min(len(text), 100)], "")
		p.Later(id, time.Now(), text)
		if !drop(t, p, "T1", text, put(t, p, &bot.Entry{Key: text + "2", Workspace: "T1", User: text, Lane: "T1/x", Received: time.Now()})) {
			t.Error("not dropped")
		}
	}
	if n := len(waiting(t, p)); n != 3 {
		t.Errorf("%d wait", n)
	}
	begin(t, p, waiting(t, p)[0].ID, "effect", strings.Repeat("\x00", 100))
}

// failureBadStatement: what can never be written must not keep the rest from being written.
func failureBadStatement(t *testing.T, _ *server, where string) {
	p := openIt(t, where, Options{}, steady())
	until := time.Now().Add(time.Hour)
	for i := range 20 {
		p.Keep(fmt.Sprint("a", i), nil, until)
		p.later(`UPDATE nonsense WHERE`)
		p.later(`INSERT INTO kept VALUES ($1, NULL, NULL)`, "x")
		p.Keep(fmt.Sprint("b", i), nil, until)
	}
	waiting(t, p)
	if n := query[int](t, where, `SELECT count(*) FROM kept`); n[0] != 40 {
		t.Errorf("%d kept", n[0])
	}
	if err := p.Err(); err != nil {
		t.Error(err)
	}
}

func failureOld(t *testing.T, _ *server, where string) {
	c := &clock{now: time.Now()}
	p := openIt(t, where, Options{Now: c.read}, steady())
	for i := range 2500 {
		if i < 3 {
			id := put(t, p, entry(fmt.Sprint("end", i)))
			start(t, p, id)
			begin(t, p, id, "effect", "")
			p.End(id, i == 2, "")
		}
		p.Keep(fmt.Sprint("key", i), nil, c.read().Add(time.Hour))
	}
	waits := put(t, p, entry("waits"))
	waiting(t, p)
	counts := func() string {
		return fmt.Sprint(query[int](t, where, `SELECT count(*) FROM deliveries UNION ALL SELECT count(*) FROM effects
			UNION ALL SELECT count(*) FROM names UNION ALL SELECT count(*) FROM kept`))
	}
	for _, step := range []struct {
		pass time.Duration
		want string
	}{
		{0, "[4 3 4 2500]"}, {61 * time.Minute, "[4 3 0 0]"}, {23 * time.Hour, "[2 1 0 0]"}, {29 * 24 * time.Hour, "[1 0 0 0]"},
	} {
		c.pass(step.pass)
		if err := p.prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := counts(); got != step.want {
			t.Errorf("after %s more: %s, want %s", step.pass, got, step.want)
		}
	}
	start(t, p, waits)
}

func failureNothing(t *testing.T, s *server, where string) {
	u, err := url.Parse(where)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("journal", "hunter2")
	for name, c := range map[string]struct {
		change func(*url.URL)
		begins string
	}{
		"no such database": {func(u *url.URL) { u.Path = "/nowhere" }, "the database of that name does not exist (3D000)"},
		"no such server": {func(u *url.URL) { u.RawQuery = "host=" + filepath.Join(t.TempDir(), "secret") },
			"the database cannot be reached: no such file or directory"},
		"no such user": {func(u *url.URL) { q := u.Query(); q.Set("user", "nobody"); u.RawQuery = q.Encode() },
			"the database refuses the user or the password (28"},
		"nobody listens": {func(u *url.URL) { u.Host, u.RawQuery = "127.0.0.1:1", "" }, "the database cannot be reached: connection refused"},
	} {
		wrong := *u
		c.change(&wrong)
		ctx, cancel := context.WithCancel(t.Context())
		var why error
		_, err := Open(ctx, wrong.String(), Options{Delayed: func(err error) { why = err; cancel() }})
		cancel()
		if err == nil || !strings.HasPrefix(err.Error(), c.begins) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if why == nil || !strings.HasPrefix(why.Error(), c.begins) {
			t.Errorf("%s: meanwhile: %v", name, why)
		}
		for _, secret := range []string{"hunter2", "secret", "127.0.0.1", "nobody", "nowhere"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: %q shows %q", name, err, secret)
			}
		}
		t.Log(name, err)
	}
}
