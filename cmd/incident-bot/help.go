package main

import (
	"context"
	"fmt"
	"io"
)

// runHelp prints the subcommands and the variables.
func runHelp(_ context.Context, p process, _ []string) int {
	usage(p.stdout)
	fmt.Fprint(p.stdout, "\nThe bot is configured by its environment:\n")
	printVariables(p.stdout)
	fmt.Fprint(p.stdout, "\nExit codes: 0 stopped in order; 1 could not start or go on; 2 wrong arguments or environment.\n")
	return exitOK
}

func printVariables(w io.Writer) {
	for _, v := range variables() {
		fmt.Fprintf(w, "\n  %s\n      %s", v.name, v.meaning)
		if v.standard != "" {
			fmt.Fprintf(w, " (default %s)", v.standard)
		}
		fmt.Fprintln(w)
	}
}
