package demo

import (
	"strings"
	"sync"
)

// logKept is how much of the bot's log is kept, in bytes.
const logKept = 256 << 10

// tailLog keeps the end of what the bot writes to its standard output and standard error.
type tailLog struct {
	mu   sync.Mutex
	text []byte
}

// Write takes what the bot says.
func (l *tailLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if len(l.text) > 2*logKept {
		l.text = append([]byte(nil), l.text[len(l.text)-logKept:]...)
	}
	return len(p), nil
}

// tail gives the last lines, oldest first.
func (l *tailLog) tail(n int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	whole := strings.Trim(clean(string(l.text)), "\n")
	if whole == "" {
		return nil
	}
	lines := strings.Split(whole, "\n")
	return lines[max(0, len(lines)-n):]
}
