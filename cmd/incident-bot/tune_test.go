package main

import (
	"runtime"
	"testing"
)

func TestTuneLeavesTheLastWordToTheOperator(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	const other = processors + 2
	for said, want := range map[string]int{"": processors, "3": other} {
		runtime.GOMAXPROCS(other) // as the runtime reads GOMAXPROCS before main
		tune(func(name string) (string, bool) { return said, name == "GOMAXPROCS" && said != "" })
		if got := runtime.GOMAXPROCS(0); got != want {
			t.Errorf("GOMAXPROCS=%q: %d threads, want %d", said, got, want)
		}
	}
}
