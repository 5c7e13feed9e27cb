package bot

import "crypto/rand"

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
