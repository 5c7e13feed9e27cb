package chaos

import (
	"math/rand/v2"
	"testing"
	"time"
)

// fleet is the bots that share a database.
type fleet struct {
	w     *world
	lives []*life
}

// newFleet starts bots, one after the other.
func newFleet(t *testing.T, w *world, size int) *fleet {
	t.Helper()
	f := &fleet{w: w}
	for range size {
		f.lives = append(f.lives, newLife(t, w))
	}
	return f
}

// crashes kills one of the bots in the middle of something, and every fourth time once more while it starts. Where there
// are several, one is killed only while the others are there.
func (f *fleet) crashes(draw *rand.Rand) {
	l := f.lives[draw.IntN(len(f.lives))]
	if len(f.lives) > 1 {
		until(patience, 20*time.Millisecond, func() bool { return f.all(l) })
	}
	pause(time.Duration(draw.IntN(3)*draw.IntN(125)) * time.Millisecond) // often at once
	l.crash()
	if draw.IntN(4) == 0 {
		pause(time.Duration(draw.IntN(400)) * time.Millisecond)
		l.crash()
	}
}

// all says whether every bot but one is ready.
func (f *fleet) all(but *life) bool {
	for _, l := range f.lives {
		if l == but {
			continue
		}
		if status, _ := l.child().ready(); status != 200 {
			return false
		}
	}
	return true
}

func (f *fleet) kills() int {
	n := 0
	for _, l := range f.lives {
		n += l.kills
	}
	return n
}

// alive fails the test when one of them has ended by itself.
func (f *fleet) alive() {
	for _, l := range f.lives {
		l.t.Helper()
		l.alive()
	}
}
