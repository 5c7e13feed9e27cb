package demo

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTailLog(t *testing.T) {
	var l tailLog
	if got := l.tail(5); got != nil {
		t.Errorf("nothing was said, yet %q", got)
	}
	for _, part := range []string{"one\ntw", "o\n", "\x1b[31mthree\x1b[0m\r\n"} {
		_, _ = l.Write([]byte(part))
	}
	if diff := cmp.Diff([]string{"two", "[31mthree[0m"}, l.tail(2)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"one", "two", "[31mthree[0m"}, l.tail(9)); diff != "" {
		t.Error(diff)
	}
}

// TestTailLogIsBounded keeps the end of a long log.
func TestTailLogIsBounded(t *testing.T) {
	var l tailLog
	for i := range 20_000 {
		fmt.Fprintf(&l, "%06d %s\n", i, strings.Repeat("x", 60))
	}
	if n := len(l.text); n > 2*logKept {
		t.Errorf("%d bytes are kept", n)
	}
	if last := l.tail(1)[0]; !strings.HasPrefix(last, "019999 ") {
		t.Errorf("the last line is %q", last)
	}
}
