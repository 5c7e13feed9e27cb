package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	tune(os.LookupEnv)
	ctx, stop := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals) // before anybody learns of the first: the second finds the default action and ends the process
		stop()
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
