package bot

import "time"

// timing are the times that tests shorten.
type timing struct {
	open     time.Duration // of apps.connections.open, and of the handshake after it
	hello    time.Duration // from handshake to hello
	silence  time.Duration // without any frame; Slack pings about every 10 s, its pongs may take longer than 5 s
	ping     time.Duration // between our own pings
	linger   time.Duration // an old socket is read after Slack asked to go; it closes it within about 10 s
	stagger  time.Duration // between one slot's first hello and the next slot's start
	useful   time.Duration // a socket that lived this long was worth its opening
	base     time.Duration // first back-off
	top      time.Duration // longest back-off
	tooMany  time.Duration // first back-off of a slot that Slack has no room for
	rate     float64       // apps.connections.open per second at most, all slots together
	burst    int
	fast     time.Duration // budget of the fast lane
	stopFast time.Duration // wait at stop for acknowledgements in the fast lane
}

func defaultTiming() timing {
	return timing{
		open: 10 * time.Second, hello: 10 * time.Second, silence: 35 * time.Second, ping: 10 * time.Second,
		linger: 30 * time.Second, stagger: time.Second, useful: 30 * time.Second, base: 250 * time.Millisecond, top: 30 * time.Second,
		tooMany: 10 * time.Second, rate: 10, burst: 20, fast: fastBudget, stopFast: fastBudget,
	}
}
