package handlers

import (
	"context"
	"slices"
	"time"

	"incident-bot/bot"
	"incident-bot/incident"
)

// What changes Grafana goes through bot.Once, under one of these names: an effect that was tried and whose answer was
// lost is looked for where it would be before it is tried again.
const (
	effectDeclare     = "declare"
	effectDescription = "description"
	effectNote        = "note"
	effectUpdate      = "update"
	effectSeverity    = "severity"
	effectStatus      = "status"
	effectWitness     = "witness"
)

// begun says whether a request may have changed something in an earlier run: whatever ends it then, it is not true that
// nothing was done.
func begun(r *bot.Request) bool {
	ctx, cancel := context.WithTimeout(context.Background(), listTime)
	defer cancel()
	return slices.ContainsFunc([]string{
		effectDeclare, effectDescription, effectNote, effectUpdate, effectSeverity, effectStatus, effectWitness,
	}, func(effect string) bool { return r.Tried(ctx, effect) })
}

// searchable is how long after its declaration an incident may not be found by a search. Grafana documents nothing.
const searchable = 15 * time.Second

// settled is how long after it was sent a change may still come into effect.
const settled = 2 * time.Second

// visible is searchable, or what a test says.
func (d *desk) visible() time.Duration {
	if d.Searchable > 0 {
		return d.Searchable
	}
	return searchable
}

// addNote writes a note once. Its time is exact, so that it can be found again: when it was typed, unless it says more.
func (d *desk) addNote(ctx context.Context, r *bot.Request, stack Stack, effect, id string, n incident.Note) error {
	if n.At.IsZero() && !r.Received.IsZero() {
		n.At = r.Received.Truncate(time.Millisecond)
	}
	_, err := bot.Once(ctx, r, bot.Effect[bool]{
		Name: effect, Visible: min(settled, d.visible()),
		Do: func(ctx context.Context) (bool, error) { return true, stack.AddNote(ctx, id, n) },
		Find: func(ctx context.Context, _ []byte) (bool, bool, error) {
			there, err := stack.Noted(ctx, id, n)
			return there, there, err
		},
	})
	return err
}

// addUpdate writes a status update once.
func (d *desk) addUpdate(ctx context.Context, r *bot.Request, stack Stack, effect, id, mrkdwn string) error {
	_, err := bot.Once(ctx, r, bot.Effect[bool]{
		Name: effect, Visible: min(settled, d.visible()),
		Do: func(ctx context.Context) (bool, error) { return true, stack.AddUpdate(ctx, id, mrkdwn) },
		Find: func(ctx context.Context, _ []byte) (bool, bool, error) {
			there, err := stack.Updated(ctx, id, mrkdwn, r.Received.Add(-clocks))
			return there, there, err
		},
	})
	return err
}

// clocks is how far ours and Grafana's clock may be apart.
const clocks = 2 * time.Minute

// change is what a change made of an incident.
type change struct {
	Was   string
	After incident.Incident
}

// changeOnce makes a change of an incident once. was is what it replaces, as it was when the change was tried first;
// there says whether an incident shows the change.
func (d *desk) changeOnce(ctx context.Context, r *bot.Request, stack Stack, effect, id, was string,
	do func(context.Context) (incident.Incident, error), there func(incident.Incident) bool) (change, error) {
	if memo := r.Memo(ctx, effect); memo != nil {
		was = string(memo)
	}
	return bot.Once(ctx, r, bot.Effect[change]{
		Name: effect, Memo: []byte(was), Visible: min(settled, d.visible()),
		Do: func(ctx context.Context) (change, error) {
			after, err := do(ctx)
			return change{was, after}, err
		},
		Find: func(ctx context.Context, memo []byte) (change, bool, error) {
			now, err := stack.Incident(ctx, id)
			return change{string(memo), now}, err == nil && there(now), err
		},
	})
}

// declareOnce declares once. What came out is compared with what was wanted: see undeclared.
func (d *desk) declareOnce(ctx context.Context, r *bot.Request, stack Stack, of incident.Declaration) (incident.Incident, error) {
	return bot.Once(ctx, r, bot.Effect[incident.Incident]{
		Name: effectDeclare, Visible: d.visible(),
		Do: func(ctx context.Context) (incident.Incident, error) {
			i, err := stack.Declare(ctx, of)
			if i.ID != "" && partial(err) {
				logNotDone(ctx, err, "severity or labels of a new incident")
				return i, nil
			}
			return i, err
		},
		Find: func(ctx context.Context, _ []byte) (incident.Incident, bool, error) {
			return stack.Attached(ctx, of.AttachURL)
		},
	})
}
