package main

import "runtime"

// processors is how many threads run Go code at once, unless GOMAXPROCS says otherwise. The bot waits for the network
// nearly always. With a second thread, each answer that arrives wakes one that finds nothing left to do: a quarter of
// what a command costs (bench). One runs some 3,000 commands a second, far more than Slack delivers to an app.
const processors = 1

// tune is called by main alone: what it changes belongs to the process.
func tune(lookup func(string) (string, bool)) {
	if said, _ := lookup("GOMAXPROCS"); said == "" {
		runtime.GOMAXPROCS(processors)
	}
}
