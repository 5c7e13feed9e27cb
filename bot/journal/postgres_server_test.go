package journal

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A server is a PostgreSQL server for tests: the one that TEST_POSTGRES_URL names, or one that is made for the test.
type server struct {
	base string // the URL of a database in which others can be made
	dir  string // of a server of our own
	bin  string
	as   []string // what to put before a command so that it does not run as root
	made atomic.Int64
}

// newServer gives a server. Without one the test is skipped, unless REQUIRE_POSTGRES says that it must not be.
func newServer(t testing.TB) *server {
	t.Helper()
	if given := os.Getenv("TEST_POSTGRES_URL"); given != "" {
		return &server{base: given}
	}
	return ownServer(t)
}

// ownServer makes a server, which the test may stop and start.
func ownServer(t testing.TB) *server {
	t.Helper()
	s := &server{bin: binaries()}
	if s.bin == "" {
		without(t, "neither TEST_POSTGRES_URL nor initdb in PATH or /usr/lib/postgresql")
	}
	dir, err := os.MkdirTemp("", "journal") // short: the path of a socket may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.dir = dir
	s.unprivileged(t)
	s.guard(t)
	s.run(t, "initdb", "-D", filepath.Join(dir, "data"), "-A", "trust", "-U", "journal", "-E", "UTF8", "--locale", "C", "-N")
	s.base = "postgres:///postgres?user=journal&host=" + url.QueryEscape(dir)
	s.start(t)
	t.Cleanup(func() { s.stop(t) })
	return s
}

func without(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("REQUIRE_POSTGRES") != "" {
		t.Fatal("no PostgreSQL: " + why)
	}
	t.Skip("no PostgreSQL: " + why)
}

// binaries finds the folder of initdb and pg_ctl.
func binaries() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path)
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[len(found)-1])
}

// unprivileged sees to it that the server does not run as root, which it refuses.
func (s *server) unprivileged(t testing.TB) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err == nil {
			err = os.Chown(s.dir, uid, -1)
		}
		if err != nil {
			t.Fatal(err)
		}
		s.as = []string{"setpriv", "--reuid=" + u.Uid, "--regid=" + u.Gid, "--clear-groups"}
		return
	}
	without(t, "there is no user to run it as")
}

// guard sees to it that the server does not outlive this process, however that ends: it waits for the end of its input.
func (s *server) guard(t testing.TB) {
	t.Helper()
	script := `trap '' INT TERM HUP; read -r _; "$1" stop -m immediate -D "$2/data" >/dev/null 2>&1; rm -rf "$2"`
	cmd := s.command("/bin/sh", "-c", script, "guard", filepath.Join(s.bin, "pg_ctl"), s.dir)
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
}

func (s *server) command(name string, args ...string) *exec.Cmd {
	all := append(append([]string{}, s.as...), append([]string{name}, args...)...)
	cmd := exec.Command(all[0], all[1:]...)
	cmd.Dir = s.dir
	return cmd
}

func (s *server) run(t testing.TB, name string, args ...string) {
	t.Helper()
	cmd := s.command(filepath.Join(s.bin, name), args...)
	if out, err := cmd.Output(); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		t.Fatalf("%s: %v\n%s\n%s", name, err, out, log)
	}
}

func (s *server) start(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "start", "-w", "-D", filepath.Join(s.dir, "data"), "-l", filepath.Join(s.dir, "log"),
		"-o", "-c listen_addresses= -c fsync=on -c max_connections=200 -c log_min_messages=fatal -k "+s.dir)
}

// stop stops the server at once, as a crash does. It is nothing to stop one that is stopped.
func (s *server) stop(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(s.dir, "data", "postmaster.pid")); err == nil {
		s.run(t, "pg_ctl", "stop", "-w", "-m", "immediate", "-D", filepath.Join(s.dir, "data"))
	}
}

// database makes an empty database and gives its URL.
func (s *server) database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("journal_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), s.made.Add(1))
	s.exec(t, s.base, "CREATE DATABASE "+name)
	t.Cleanup(func() {
		if s.dir == "" {
			s.exec(t, s.base, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		}
	})
	u, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// exec runs a statement in a connection of its own.
func (s *server) exec(t testing.TB, where, sql string, args ...any) {
	t.Helper()
	query[int](t, where, sql, args...)
}

// query gives the first column of what a statement gives.
func query[T any](t testing.TB, where, sql string, args ...any) []T {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	conn, err := pgx.Connect(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatal(err)
	}
	return list
}
