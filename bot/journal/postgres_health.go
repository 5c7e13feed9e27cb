package journal

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"incident-bot/bot"
)

// health is what the last answer of the database says of it.
type health struct {
	mu    sync.Mutex
	why   error
	since time.Time
}

// note takes the outcome of something that asked the database. It says whether that changed anything.
func (h *health) note(why error, now time.Time) (changed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	changed = (why == nil) != (h.why == nil)
	if changed {
		h.since = now
	}
	h.why = why
	return changed
}

func (h *health) err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.why
}

// awayFor says that the database has been away for that long, and why.
func (h *health) awayFor(d time.Duration, now time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.why == nil || now.Sub(h.since) < d {
		return nil
	}
	return h.why
}

// check notes the outcome of something that asked the database, and gives its error in our own words. What ended
// because the process stops says nothing of the database.
func (p *postgres) check(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil && malformed(err) {
		return unwritten(err)
	}
	err = unwritten(err)
	if p.health.note(err, time.Now()) {
		if err != nil {
			p.log.Error().Err(err).Msg("journal: the database does not work")
		} else {
			p.log.Info().Msg("journal: the database works again")
		}
	}
	return err
}

// unwritten makes an error of the database one that may be shown: no name, host or password is in it.
func unwritten(err error) error {
	var newer *newerError
	if err == nil || errors.Is(err, bot.ErrUnkept) || errors.As(err, &newer) {
		return err
	}
	return unkept(trouble(err))
}

// trouble says what is wrong with the database.
func trouble(err error) string {
	var said *pgconn.PgError
	var number syscall.Errno
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &said):
		return fmt.Sprintf("%s (%s)", meaning(said.Code), said.Code)
	case errors.As(err, &name) && name.IsNotFound:
		return "the host of the database is not known: there is no address of that name"
	case errors.As(err, &name):
		return "the host of the database cannot be looked up: the name server does not answer"
	case errors.As(err, &certificate):
		return "the certificate of the database is not trusted: name its authority with sslrootcert"
	case strings.Contains(err.Error(), "server refused TLS connection"): // pgconn has no value for it
		return "the database does not speak TLS, and sslmode asks for it"
	case errors.As(err, &number):
		return "the database cannot be reached: " + number.Error()
	case errors.Is(err, context.DeadlineExceeded), pgconn.Timeout(err):
		return "the database does not answer in time"
	}
	return "the connection to the database broke"
}

// meaning puts an SQLSTATE into words. (docs: postgresql.org/docs/current/errcodes-appendix.html)
func meaning(code string) string {
	for _, m := range [][2]string{
		{"28", "the database refuses the user or the password"},
		{"3D000", "the database of that name does not exist"},
		{"3F000", "the schema does not exist"},
		{"42501", "the database user may not do what is needed"},
		{"42", "the tables of the journal are not as they should be"},
		{"25006", "the database is read-only"},
		{"53100", "the disk of the database is full"},
		{"53300", "the database takes no more connections"},
		{"53", "the database has run out of something"},
		{"55P03", "the database is blocked by somebody's lock"},
		{"57014", "the database took too long"},
		{"57P", "the database is being shut down or started"},
		{"58", "the database has trouble with its disk"},
		{"XX", "the database is damaged"},
	} {
		if strings.HasPrefix(code, m[0]) {
			return m[1]
		}
	}
	return "the database refuses"
}

// malformed says that the database will not take what was given to it, however often it is tried. That
// is no reason to keep everything else waiting.
func malformed(err error) bool {
	var said *pgconn.PgError
	if !errors.As(err, &said) || said.Code == "42501" || said.Code == "42P01" {
		return false
	}
	return slices.ContainsFunc([]string{"22", "23", "42", "54"}, func(class string) bool { return strings.HasPrefix(said.Code, class) })
}
