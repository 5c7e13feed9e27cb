package journal

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// openCrash opens the journal of a process that is killed. On PostgreSQL it waits until the last one's lease is over,
// so that everything that waits is found at once.
func openCrash(url string, o Options) (Journal, error) {
	ctx := context.Background()
	if strings.HasPrefix(url, "sqlite:") {
		return Open(ctx, url, o)
	}
	t := quick()
	t.lease, t.beat = 200*time.Millisecond, 25*time.Millisecond
	p, err := openPostgresTimed(ctx, url, o.withDefaults(), t)
	if err != nil {
		return nil, err
	}
	for alive := true; alive; {
		err := p.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM owners WHERE id <> $1 AND until > clock_timestamp())`, p.id).Scan(&alive)
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// TestCrashPostgres is TestCrash on PostgreSQL. A life takes longer: it begins with a connection and the end of a lease.
func TestCrashPostgres(t *testing.T) {
	s := newServer(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	lives := max(rounds()/5, 3)
	t.Run("lives", func(t *testing.T) { // the server outlives them all
		for i, step := range crashSteps() {
			t.Run("at "+step, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, s.database(t), seed+uint64(i))
				w.soon = 250 * time.Millisecond
				for life := range lives {
					if step == "opened" || step == "recovered" {
						w.live("", 0, 1000)
						w.live(step, 0, 0)
						continue
					}
					w.live(step, life%7, 20)
				}
				w.finish()
			})
		}
		for i := range 8 {
			t.Run(fmt.Sprint("at random instants ", i), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, s.database(t), seed+uint64(100+i))
				w.soon = 250 * time.Millisecond
				for range lives {
					w.live("", 0, 1000)
				}
				w.finish()
			})
		}
	})
}
