package bot

import (
	"crypto/rand"
	"crypto/sha256"
)

// refAlphabet has no characters that are taken for others when somebody reads a reference aloud: no 0 o, 1 i l.
const refAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"

// newRef makes a reference of five characters: 28 million, enough to be found alone in a day's log.
func newRef() string {
	var random [5]byte
	_, _ = rand.Read(random[:]) // never fails (docs: crypto/rand)
	for i, b := range random {
		random[i] = refAlphabet[int(b)%len(refAlphabet)]
	}
	return string(random[:])
}

// refOf is the reference of an act: the same however often it is handled.
func refOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	for i, b := range sum[:5] {
		sum[i] = refAlphabet[int(b)%len(refAlphabet)]
	}
	return string(sum[:5])
}
