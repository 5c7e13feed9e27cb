//go:build race

package journal

// raceDetector says that the race detector is built in: a process takes some ten times as long to start then.
const raceDetector = true
