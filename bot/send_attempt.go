package bot

import (
	"context"
	"time"
)

// A way is one way to bring a message to somebody. send makes one call.
type way struct {
	name string
	send func(ctx context.Context, w wire) error
}

// How often one way is tried when it may work the next time.
const (
	triesRefused = 3 // nothing happened, or a server error
	triesLost    = 2 // no answer in time
	triesLimited = 4 // 429, each after the time that Slack asked for
	retryPause   = 200 * time.Millisecond
)

// attempt tries one way until it works or there is no hope in it. A lost answer is tried again although the message
// may have arrived: for an answer, twice is better than never. Posts go through postOnce instead.
func (s *Sender) attempt(ctx context.Context, r *Request, w *wire, one way) error {
	return s.retry(ctx, r, w, one, func(f fault, tries int) bool {
		switch f.effect {
		case refused, failed:
			return tries < triesRefused
		case lost:
			return tries < triesLost
		}
		return false
	})
}

// retry tries one way again as long as again allows it; 429 and refused blocks it deals with itself.
func (s *Sender) retry(ctx context.Context, r *Request, w *wire, one way, again func(f fault, tries int) bool) error {
	for tries, waits := 1, 1; ; {
		err := one.send(ctx, *w)
		f := faultOf(err)
		switch {
		case err == nil:
			return nil
		case f.badBlocks() && w.blocks != nil:
			s.notice(r, one.name, err)
			w.blocks = nil // the text tells the story alone
		case f.effect == limited && waits < triesLimited:
			waits++
			if sleepUntil(ctx, time.Now().Add(f.after)) != nil {
				return err
			}
		case ctx.Err() == nil && again(f, tries):
			tries++
			if pause(ctx, retryPause<<tries) != nil {
				return err
			}
		default:
			return err
		}
	}
}
