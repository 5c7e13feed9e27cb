//go:build !race

package journal

// raceDetector says that the race detector is built in.
const raceDetector = false
