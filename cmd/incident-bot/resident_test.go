package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// residentMiB is the resident memory of a process, from /proc; 0 where there is none.
func residentMiB(tb testing.TB, pid int) float64 {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), "VmRSS:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		tb.Fatal(err)
	}
	return kib / 1024
}
