package journal

import (
	"strings"
	"testing"
)

func TestParseURL(t *testing.T) {
	for url, path := range map[string]string{
		"sqlite:incident-bot.db":       "incident-bot.db",
		"sqlite:data/journal.db":       "data/journal.db",
		"sqlite:./a b.db":              "./a b.db",
		"sqlite:///var/lib/journal.db": "/var/lib/journal.db",
		"sqlite:/var/lib/journal.db":   "/var/lib/journal.db",
		"sqlite:C/ü.db":                "C/ü.db",
		"postgres://u:p@h/d":           "",
		"postgresql://u:p%40@h:5432/d": "",
		"postgres:///d?host=/run/pg":   "",
	} {
		got, err := parseURL(url)
		if err != nil || got.path != path {
			t.Errorf("%s: path %q, %v", url, got.path, err)
		}
	}
}

func TestBadURLs(t *testing.T) {
	for url, want := range map[string]string{
		"":                             "has to begin with",
		"incident-bot.db":              "has to begin with",
		"mysql://root:hunter2@h/d":     "has to begin with",
		"SQLITE:x.db":                  "has to begin with",
		"hunter2":                      "has to begin with",
		"sqlite:":                      "path of a file has to follow",
		"sqlite://":                    "sqlite:///path",
		"sqlite:///":                   "path of a file has to follow",
		"sqlite:dir/":                  "path of a file has to follow",
		"sqlite://var/lib/journal.db":  "sqlite:///path",
		"sqlite::memory:":              "would keep nothing",
		"sqlite:x.db?mode=ro":          "may not contain",
		"sqlite:x\x00.db":              "may not contain",
		"sqlite:%78.db":                "may not contain",
		"postgres:u:hunter2@h/d":       "two slashes",
		"postgres://u:hunter2@/d":      "names no host",
		"postgres://u:hunter2/x@h/d":   "not a URL",
		"postgres://u:hunter2%zz@h/d":  "not a URL",
		"postgresql://u:hunter2#@h/d":  "",
		"postgres://u:hunter2@h:port/": "not a URL",
	} {
		err := CheckURL(url)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", url, err, want)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the password is shown: %v", url, err)
		}
	}
}

// FuzzCheckURL looks for a panic, for a path that is not the one that was written, and for an error that shows it.
func FuzzCheckURL(f *testing.F) {
	for _, url := range []string{"sqlite:x.db", "sqlite:///x", "sqlite://x", "postgres://u:p@h/d", "postgresql:x", "", ":", "sqlite:%"} {
		f.Add(url, "hunter2")
	}
	f.Fuzz(func(t *testing.T, url, password string) {
		where, err := parseURL(url)
		if err == nil && where.path != "" && !strings.HasSuffix(url, where.path) {
			t.Errorf("%q became %q", url, where.path)
		}
		if (err == nil) != (CheckURL(url) == nil) {
			t.Errorf("%q: judged in two ways", url)
		}
		if len(password) < 8 || strings.ContainsAny(password, "() ") {
			return
		}
		err = CheckURL("postgres://user:" + password + "@")
		if err != nil && strings.Contains(err.Error(), password) && !strings.Contains("postgres://user:password@host/database", password) {
			t.Errorf("%q is shown: %v", password, err)
		}
	})
}
