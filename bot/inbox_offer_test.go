package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// offering is an inbox that takes at once and commits when it is told.
type offering struct {
	*inboxOf
	commit chan error
}

func (o *offering) Offer(ctx context.Context, e *Entry) func() (bool, error) {
	seen, err := o.Put(ctx, e)
	return func() (bool, error) {
		if failed := <-o.commit; failed != nil {
			return false, failed
		}
		return seen, err
	}
}

// queueing is the acker of a reader that reads on.
type queueing struct {
	*diary
	*unsettled
}

func (q queueing) afterwards(settle func()) { q.add(settle) }

// reading is an intake whose inbox takes its time.
func reading(t *testing.T) (r *intakeRig, from queueing, commit chan error) {
	r, commit = newIntake(t), make(chan error)
	from = queueing{r.diary, newUnsettled()}
	r.intake.inbox = &offering{r.box, commit}
	t.Cleanup(from.close)
	return r, from, commit
}

// reads gives the intake sample frames, one after the other.
func (r *intakeRig) reads(t *testing.T, from acker, files ...string) (ids []string) {
	t.Helper()
	for _, file := range files {
		f, err := parseFrame(envelopeFile(t, file))
		if err != nil {
			t.Fatal(err)
		}
		r.take(from, f, time.Now())
		ids = append(ids, f.EnvelopeID)
	}
	return ids
}

// acks gives what the diary has of acknowledgements.
func (d *diary) acks() (list []string) {
	for _, line := range d.all() {
		if strings.HasPrefix(line, "ack ") {
			list = append(list, line)
		}
	}
	return list
}

// TestReadsOnWhileCommitting: what is read is offered in order and at once; each is acknowledged and run after its
// commit, in the same order.
func TestReadsOnWhileCommitting(t *testing.T) {
	r, from, commit := reading(t)
	ids := r.reads(t, from, "command", "mention", "click")
	if got := strings.Join(r.all(), ", "); got != "put command, put mention, put click" {
		t.Fatalf("before any commit: %s", got)
	}
	for i, id := range ids {
		commit <- nil
		eventually(t, "an acknowledgement", func() bool { return len(r.acks()) == i+1 })
		if got := r.acks()[i]; got != "ack "+id {
			t.Errorf("commit %d: %s, want that of %s", i, got, id)
		}
	}
	mustDrain(t, r.lanes)
	runs := strings.Join(r.all(), ", ")
	for _, kind := range []string{"run command", "run mention", "run click"} {
		_, rest, ran := strings.Cut(runs, kind)
		if !ran {
			t.Errorf("%s is missing in its place: %s", kind, r.all())
		}
		runs = rest
	}
}

// TestRefusedWhileReadingOn: whoever's request could not be committed is told, and nobody else.
func TestRefusedWhileReadingOn(t *testing.T) {
	r, from, commit := reading(t)
	ids := r.reads(t, from, "command", "mention")
	commit <- errors.New("the disk is full")
	commit <- nil
	from.unsettled.wait()
	if got, want := strings.Join(r.acks(), ", "), "ack "+ids[0]+", ack "+ids[1]; got != want {
		t.Errorf("acknowledged: %s, want %s", got, want)
	}
	eventually(t, "the person is told", func() bool { return strings.Contains(strings.Join(r.all(), ", "), "tell command: the disk is full") })
	mustDrain(t, r.lanes)
	if all := strings.Join(r.all(), ", "); strings.Contains(all, "run command") || !strings.Contains(all, "run mention") {
		t.Errorf("run: %s", all)
	}
}

// TestPanicWhileSettling: a panic ends one envelope, and those after it are settled all the same.
func TestPanicWhileSettling(t *testing.T) {
	r, from, commit := reading(t)
	r.way.lane = func(Delivery) string { return "T1/C1" }
	ids := r.reads(t, from, "command", "mention")
	r.lanes.spaces = nil // a map that is nil takes nothing
	commit <- nil
	eventually(t, "the panic is caught", func() bool { return strings.Contains(r.log.String(), "panic caught") })
	r.lanes.mu.Lock()
	r.lanes.spaces = map[string]*space{}
	r.lanes.mu.Unlock()
	commit <- nil
	from.unsettled.wait()
	if got := r.acks(); len(got) != 2 || got[1] != "ack "+ids[1] {
		t.Errorf("acknowledged: %q", got)
	}
}
