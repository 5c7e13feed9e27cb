// Command summary reads "go test -json", prints what go test prints without -v (failures whole, one line a package),
// names what was skipped, and writes "passed failed skipped" to the file it is given. Its exit code is 1 when anything
// failed, a package that does not build included.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Action, Package, Test, Output, ImportPath string
}

type summary struct {
	passed, failed, skipped int
	output                  map[string][]string // by package and test, until its end is known
	blamed                  map[string]bool     // packages with a failed test
}

func main() {
	s := summary{output: map[string][]string{}, blamed: map[string]bool{}}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text()) // not an event: the go command itself speaks
			continue
		}
		s.take(e)
	}
	counts := fmt.Sprintln(s.passed, s.failed, s.skipped)
	if err := os.WriteFile(os.Args[1], []byte(counts), 0o644); err != nil || in.Err() != nil {
		fmt.Println(err, in.Err())
		os.Exit(1)
	}
	fmt.Printf("%d tests passed, %d failed and %d were skipped\n", s.passed, s.failed, s.skipped)
	if s.failed > 0 || s.passed == 0 {
		os.Exit(1)
	}
}

func (s *summary) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		if e.Action == "build-output" || e.Test == "" && packageLine(e.Output) {
			fmt.Print(e.Output)
			return
		}
		if !progress(e.Output) {
			s.output[key] = append(s.output[key], e.Output)
		}
		return
	case "fail":
		if e.Test != "" || !s.blamed[e.Package] { // a package that fails without a failed test did not build, or panicked
			s.failed++
		}
		s.blamed[e.Package] = true
		fmt.Print(strings.Join(s.output[key], ""))
	case "skip":
		if e.Test != "" {
			s.skipped++
			fmt.Print(strings.Join(s.output[key], ""))
		}
	case "pass":
		if e.Test != "" {
			s.passed++
		}
	default:
		return
	}
	delete(s.output, key)
}

// progress says whether a line only tells that a test goes on.
func progress(line string) bool {
	for _, prefix := range []string{"=== RUN ", "=== PAUSE ", "=== CONT ", "=== NAME "} {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

// packageLine says whether a line is the package's result.
func packageLine(line string) bool {
	for _, prefix := range []string{"ok  \t", "FAIL\t", "?   \t", "---"} {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}
