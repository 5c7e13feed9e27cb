package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the linker (-ldflags "-X main.version=v1.2.3") and by nothing else.
var version string

// runVersion prints the version, the revision it was built from where it is known, and the compiler.
func runVersion(_ context.Context, p process, args []string) int {
	if !noArguments(p, "version", args) {
		return exitUsage
	}
	fmt.Fprintf(p.stdout, "incident-bot %s %s %s/%s\n", currentVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitOK
}

// currentVersion gives the linker's version, else what the build recorded of the checkout, else "devel".
func currentVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}
