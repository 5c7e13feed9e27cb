package incident

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
)

// A service account token is glsa_<32 letters and digits>_<8 hex digits> (grafana pkg/components/satokengen).
const (
	tokenPrefix = "glsa_"
	tokenLength = len(tokenPrefix) + 32 + 1 + 8
)

// CheckToken says in people's words what is wrong with a service account token and how to mend it, without asking
// Grafana: its form and its checksum. White space and quotes around it are dropped first. The error holds no part of the
// token. A token that passes may still be unknown, expired or revoked.
func CheckToken(token string) error {
	text := unwrap(token)
	if err := checkKind(text); err != nil {
		return err
	}
	if strings.ContainsFunc(text, notInToken) {
		return errors.New("it has white space or a character that no token has in the middle. Copy it again, in one piece")
	}
	parts := strings.Split(text, "_")
	switch {
	case len(text) < tokenLength:
		return fmt.Errorf("it is cut short: a token has %d characters, and this has %d. Copy it again, or make a new one", tokenLength, len(text))
	case len(text) > tokenLength:
		return fmt.Errorf("it is too long: a token has %d characters, and this has %d. Copy it again, alone", tokenLength, len(text))
	case len(parts) != 3 || len(parts[2]) != 8:
		return errors.New("it is not of the form glsa_…_…. Copy it again, or make a new one")
	case parts[2] != checksum(parts[0]+"_"+parts[1]):
		return errors.New("its checksum is wrong: a character was mistyped or lost. Copy it again, or make a new one")
	}
	return nil
}

// checkKind names what people paste instead.
func checkKind(text string) error {
	const make = "Make a service account token (glsa_…): Administration → Users and access → Service accounts, role Editor"
	has := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if len(text) >= len(p) && strings.EqualFold(text[:len(p)], p) {
				return true
			}
		}
		return false
	}
	switch {
	case text == "":
		return errors.New("it is empty. " + make)
	case strings.HasPrefix(text, tokenPrefix):
		return nil
	case has("Bearer ", "Authorization:"):
		return errors.New("it is a whole header. Give the token alone, from glsa_ on")
	case has("GRAFANA_", "export "):
		return errors.New("it is a whole line with the variable's name. Give the token alone, from glsa_ on")
	case has("glc_"):
		return errors.New("it is a Grafana Cloud access policy token (glc_…), which the Incident API refuses. " + make)
	case has("xoxb-"):
		return errors.New("it is a Slack bot token (xoxb-…), which belongs to Slack's settings. " + make)
	case has("xapp-"):
		return errors.New("it is a Slack app token (xapp-…), which belongs to Slack's settings. " + make)
	case has("xox"):
		return errors.New("it is a Slack token, which belongs to Slack's settings. " + make)
	case has("eyJ"):
		return errors.New("it is an old API key or a web token. " + make)
	case has("https://", "http://"):
		return errors.New("it is an address, not a token. " + make)
	case has(tokenPrefix):
		return errors.New("it is not spelt as Grafana gave it: tokens begin with glsa_ in small letters. Copy it again")
	}
	return errors.New("it is not a service account token: those begin with glsa_. " + make)
}

// checksum is CRC-32/IEEE, written little-endian in lower-case hex.
func checksum(of string) string {
	return hex.EncodeToString(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(of))))
}

func notInToken(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// looksLikeToken says whether a text begins as the tokens of Grafana and Slack do.
func looksLikeToken(text string) bool {
	for _, prefix := range tokenPrefixes() {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

func tokenPrefixes() []string {
	return []string{"glsa_", "glc_", "xoxb-", "xoxp-", "xoxa-", "xoxe", "xoxs-", "xapp-", "eyJ"}
}
