package handlers_test

import (
	"path/filepath"
	"testing"
	"time"
)

// TestThreadOfAnotherProcess: what an earlier process knew of a thread is asked before another card in it is taken for
// what it is about. Which of two incidents is meant is never guessed.
func TestThreadOfAnotherProcess(t *testing.T) {
	for kept, then := range map[string]string{
		"40": "> ben sees Which incident do you mean? Nothing was done yet.", // and now there are two
		"41": "> ben sees ✓ Noted on #41.",
		"":   "> ben sees Which incident do you mean? Nothing was done yet.", // of several, as it was
	} {
		t.Run("about "+kept, func(t *testing.T) {
			s := setStage(t)
			now := journalAt(t, filepath.Join(t.TempDir(), "bot.db"))
			t.Cleanup(func() { closed(t, now) })
			s.inbox = now
			s.run()
			s.play("ana says what is going on")
			begins := s.people["ana"].Sees(s.channels["#ops"])[0].TS
			now.Keep(s.team.TeamID+"/thread/"+s.channels["#ops"].ID+"/"+begins, []byte(kept), time.Now().Add(time.Hour))
			s.play(`ana in thread of what is going on: @bot show 41
				> ben sees #41
				ben in thread of what is going on: @bot note it is the cache
				` + then)
		})
	}
}
