package slacktest

import (
	"fmt"
	"strconv"
	"strings"
)

// id gives a new id of the kind that prefix names: T, U, C, D, A, B, V, E. The caller holds mu or is New.
func (s *Server) id(prefix string) string {
	s.ids++
	n := uint64(s.ids)*2654435761 + 7777777 // spread, so that neighbours do not look alike
	tail := strings.ToUpper(strconv.FormatUint(n%2821109907456, 36))
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

func token(seed uint64) string { return fmt.Sprintf("%016x%016x", seed, seed^0x9e3779b97f4a7c15) }
