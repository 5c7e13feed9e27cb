package incidenttest

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strings"
)

// Role is the basic role of a service account.
type Role string

// The basic roles. None may do nothing, Viewer reads, Editor writes, Admin sets up integrations too.
const (
	None   Role = "None"
	Viewer Role = "Viewer"
	Editor Role = "Editor"
	Admin  Role = "Admin"
)

// account is a service account with its one token.
type account struct {
	role    Role
	user    UserPreview
	refused string // messageId of the refusal, "" while the token works
}

// NewToken makes a service account with a role and gives its token: "glsa_", 32 letters and digits, and the little-endian
// CRC-32 of all before it (grafana pkg/components/satokengen).
func (s *Server) NewToken(role Role) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.accounts) + 1
	token := sealed("glsa_" + (rand.Text() + rand.Text())[:32])
	s.accounts[token] = &account{role: role, user: UserPreview{
		UserID: fmt.Sprintf("grafana-incident:sa-%d", n), Name: fmt.Sprintf("Service Account: extsvc-incident-bot-%d", n),
	}}
	return token
}

// sealed adds its checksum to a token.
func sealed(body string) string {
	return body + "_" + hex.EncodeToString(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body))))
}

// Revoke makes a token be refused as revoked.
func (s *Server) Revoke(token string) { s.refuse(token, "api-key.revoked") }

// Expire makes a token be refused as expired.
func (s *Server) Expire(token string) { s.refuse(token, "api-key.expired") }

func (s *Server) refuse(token, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.accounts[token]; ok {
		a.refused = why
	}
}

// bearer is the token of an Authorization header, "" when there is none.
func bearer(header string) string {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// authenticate finds the account of a token. The lock is held.
func (s *Server) authenticate(token string) (*account, error) {
	if token == "" {
		return nil, unauthorized("auth.unauthorized", "Unauthorized")
	}
	a, ok := s.accounts[token]
	switch {
	case !ok:
		return nil, unauthorized("api-key.invalid", "Invalid API key")
	case a.refused == "api-key.expired":
		return nil, unauthorized(a.refused, "Expired API key")
	case a.refused != "":
		return nil, unauthorized(a.refused, "Revoked API key")
	}
	return a, nil
}

// may checks an account's role (docs: a Viewer reads, an Editor edits all but integrations and outgoing webhooks).
func (s *Server) may(a *account, m method) error {
	switch {
	case a.role == Admin, a.role == Editor && !m.admin, a.role == Viewer && !m.write:
		return nil
	case s.o.OldForbidden:
		return &refusal{status: 403, body: map[string]any{"message": "Permission denied"}}
	case s.o.PluginForbidden:
		return pluginError(403, "forbidden")
	}
	return lacking(m.write)
}

// lacking is the refusal of Grafana's access control.
func lacking(write bool) error {
	needed := "grafana-incident-app.incidents:read"
	if write {
		needed = "grafana-incident-app.incidents:write"
	}
	return &refusal{status: 403, body: map[string]any{"title": "Access denied", "accessErrorId": "ACE0123456789",
		"message": "You'll need additional permissions to perform this action. Permissions needed: " + needed}}
}
