package chaos

import (
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
)

// postgres is a PostgreSQL server made for a test.
type postgres struct {
	dir, bin string
	as       []string // what to put before a command so that it does not run as root, which the server refuses
}

// newPostgres starts a server. Without the programs the test is skipped, unless REQUIRE_POSTGRES says that it must not be.
func newPostgres(t *testing.T) *postgres {
	t.Helper()
	p := &postgres{bin: serverPrograms()}
	if p.bin == "" {
		without(t, "initdb is neither in PATH nor in /usr/lib/postgresql")
	}
	dir, err := os.MkdirTemp("", "chaos") // short: the path of a socket may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p.dir = dir
	p.unprivileged(t)
	p.run(t, "initdb", "-D", p.data(), "-A", "trust", "-U", "bot", "-E", "UTF8", "--locale", "C", "-N")
	p.run(t, "pg_ctl", "start", "-w", "-D", p.data(), "-l", filepath.Join(dir, "log"), "-o", "-c listen_addresses= -k "+dir)
	t.Cleanup(func() { p.run(t, "pg_ctl", "stop", "-w", "-m", "immediate", "-D", p.data()) })
	return p
}

func (p *postgres) data() string { return filepath.Join(p.dir, "data") }

// url is its database, as DATABASE_URL has it.
func (p *postgres) url() string {
	return "postgres:///postgres?user=bot&host=" + url.QueryEscape(p.dir)
}

func without(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("REQUIRE_POSTGRES") != "" {
		t.Fatal("no PostgreSQL: " + why)
	}
	t.Skip("no PostgreSQL: " + why)
}

// serverPrograms finds the folder of initdb and pg_ctl.
func serverPrograms() string {
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

// unprivileged gives the server's folder to somebody who is not root.
func (p *postgres) unprivileged(t *testing.T) {
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
			err = os.Chown(p.dir, uid, -1)
		}
		if err != nil {
			t.Fatal(err)
		}
		p.as = []string{"setpriv", "--reuid=" + u.Uid, "--regid=" + u.Gid, "--clear-groups"}
		return
	}
	without(t, "there is no user to run it as")
}

func (p *postgres) run(t *testing.T, name string, args ...string) {
	t.Helper()
	all := append(append([]string{}, p.as...), append([]string{filepath.Join(p.bin, name)}, args...)...)
	cmd := exec.Command(all[0], all[1:]...)
	cmd.Dir = p.dir
	if out, err := cmd.Output(); err != nil { // not CombinedOutput: the server keeps standard error open
		log, _ := os.ReadFile(filepath.Join(p.dir, "log"))
		t.Fatalf("%s: %v\n%s\n%s", name, err, out, log)
	}
}
