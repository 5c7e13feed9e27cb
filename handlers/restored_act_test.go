package handlers_test

import (
	"testing"
	"time"

	"incident-bot/bot"
	"incident-bot/incident"
)

// TestRestoredDeclarationIsNoTwin: somebody else's twin, declared between this declaration and its answer, does not make
// the answer say that nothing was declared.
func TestRestoredDeclarationIsNoTwin(t *testing.T) {
	t.Parallel()
	restored(t, past{
		text:    "declare cart is empty",
		effects: map[string]any{"declare": incident.Incident{ID: "40", Title: "cart is empty", Status: "active"}},
		kept:    map[string]any{"title/cart is empty": map[string]any{"ID": "41", "User": "U2", "Act": "another", "At": time.Now()}},
	}, `
> ana sees ✓ Declared #40 cart is empty
> ana does not see Already declared
`)
}

// TestRestoredChangeIsNotDenied: what an earlier run did is not denied because Grafana lets nobody in any more.
func TestRestoredChangeIsNotDenied(t *testing.T) {
	t.Parallel()
	restored(t, past{
		fails:   "IncidentsService.GetIncident status=401 times=9",
		text:    "resolve #36",
		effects: map[string]any{"status": map[string]any{"Was": "active", "After": incident.Incident{ID: "36", Status: "resolved"}}},
	}, `
> ana sees ✗ I cannot tell whether it was changed: Grafana does not accept incident-bot's service account token. Look at #36 before you try again.
> ana does not see Nothing was changed
`)
}

// TestRestoredDropIsNotDenied: a click that dropped something and is handled again does not say that nothing was dropped.
func TestRestoredDropIsNotDenied(t *testing.T) {
	t.Parallel()
	restored(t, past{
		click: bot.Action{ID: "waiting.drop", Value: "7"},
		kept:  map[string]any{"dropped/7": map[string]any{"Act": pastKey, "Text": "/incident note 36 x"}},
	}, `
> ana sees ✓ Dropped: /incident note 36 x. Nothing of it was done.
> ana does not see nothing was dropped
`)
}

// TestPrivateDeclarationIsNoTwin: who types the title of a private incident does not learn that there is one.
func TestPrivateDeclarationIsNoTwin(t *testing.T) {
	t.Parallel()
	restored(t, past{
		text:    "declare cart is empty",
		effects: map[string]any{"declare": incident.Incident{ID: "36", Title: "cart is empty", Status: "active", Private: true}},
	}, `
> ana sees ✓ Declared #36 (private)
ben /incident declare cart is empty
> ben sees ✓ Declared #42 cart is empty
> ben does not see #36
`)
}
