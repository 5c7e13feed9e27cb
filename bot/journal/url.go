package journal

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// CheckURL says what is wrong with the URL of a journal, without opening it. What it says shows nothing of a password.
func CheckURL(url string) error {
	_, err := parseURL(url)
	return err
}

// place is what a URL names: the path of a file of SQLite, or a PostgreSQL server when path is "".
type place struct{ path string }

// errScheme is what to write instead of an unknown scheme. The text itself is not shown: it may be a password.
var errScheme = errors.New("it has to begin with sqlite: or postgres:// " +
	"(sqlite:incident-bot.db, sqlite:///var/lib/incident-bot/journal.db, postgres://user:password@host/database)")

func parseURL(text string) (place, error) {
	scheme, rest, found := strings.Cut(text, ":")
	switch {
	case !found:
		return place{}, errScheme
	case scheme == "sqlite":
		path, err := sqlitePath(rest)
		return place{path}, err
	case scheme == "postgres", scheme == "postgresql":
		return place{}, checkPostgres(text)
	}
	return place{}, errScheme
}

// sqlitePath takes what follows "sqlite:". It is a path as it is written, without escapes.
func sqlitePath(rest string) (string, error) {
	path := rest
	if after, slashes := strings.CutPrefix(rest, "//"); slashes {
		if !strings.HasPrefix(after, "/") {
			return "", errors.New("two slashes begin the name of a host: write sqlite:///path for an absolute path, " +
				"sqlite:path for one from the working directory")
		}
		path = after
	}
	switch {
	case path == "", strings.HasSuffix(path, "/"), path == ".", path == "..":
		return "", errors.New("the path of a file has to follow sqlite: (sqlite:incident-bot.db)")
	case strings.HasPrefix(path, ":"):
		return "", errors.New("a journal in memory would keep nothing: name a file (sqlite:incident-bot.db)")
	case strings.ContainsAny(path, "?#%"), strings.ContainsFunc(path, unprintable):
		return "", errors.New("the path of a file of SQLite may not contain ?, #, % or unprintable characters: " +
			"there are no options to set")
	}
	return path, nil
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }

// checkPostgresURL looks at what can be seen without the driver.
func checkPostgresURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil: // it would show the text
		return errors.New("it is not a URL; a password needs its special characters escaped (%40 for @, %2F for /)")
	case u.Opaque != "" || !strings.Contains(text, "://"):
		return fmt.Errorf("two slashes have to follow %s: (postgres://user:password@host/database)", u.Scheme)
	case u.Fragment != "" || strings.Contains(text, "#"):
		return errors.New("a # has to be escaped as %23")
	case u.Host == "" && u.Query().Get("host") == "":
		return errors.New("it names no host (postgres://user:password@host/database)")
	}
	return nil
}
