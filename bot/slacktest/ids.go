package slacktest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// id gives a new id of the kind that prefix names: T, U, C, D, A, B, V, E, Ev. The caller holds mu or is New.
func (s *Server) id(prefix string) string {
	const space = 36 * 36 * 36 * 36 * 36 * 36 * 36 * 36
	s.ids++
	n := (uint64(s.ids)*1_500_450_271_177 + 777_777_777_777) % space // a prime step, so that neighbours look different
	tail := strings.ToUpper(strconv.FormatUint(n, 36))
	return prefix + "0" + strings.Repeat("0", max(0, 8-len(tail))) + tail
}

// ts gives a message timestamp that is later than every one before. The caller holds mu.
func (s *Server) ts() string {
	us := max(s.opts.Now().UnixMicro(), s.lastTS+1)
	s.lastTS = us
	return fmt.Sprintf("%d.%06d", us/1_000_000, us%1_000_000)
}

// uuid gives an envelope id. The caller holds mu.
func (s *Server) uuid() string {
	a, b := s.rand.Uint64(), s.rand.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}

// secret gives n characters that nobody guesses. The caller holds mu.
func (s *Server) secret(n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[s.rand.IntN(len(letters))]
	}
	return string(b)
}

// digits gives n digits. The caller holds mu.
func (s *Server) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('1' + s.rand.IntN(9))
	}
	return string(b)
}

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("slacktest: " + err.Error()) // only values of this package are given
	}
	return b
}
