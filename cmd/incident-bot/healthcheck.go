package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthTimeout is well below the 5 s that the container's health check waits.
const healthTimeout = 3 * time.Second

// runHealthcheck asks the bot in the same container whether its process lives. It looks at /healthz and not at
// /readyz: a container that waits for Slack must not be restarted for it.
func runHealthcheck(ctx context.Context, p process, args []string) int {
	if !noArguments(p, "healthcheck", args) {
		return exitUsage
	}
	if err := checkHealth(ctx); err != nil {
		fmt.Fprintf(p.stderr, "incident-bot healthcheck: %v\n", err)
		return exitFailed
	}
	return exitOK
}

func checkHealth(ctx context.Context) error {
	s, err := readSettings()
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(s.HTTPAddr)
	if err != nil {
		return fmt.Errorf("HTTP_ADDR: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy: this is our own container
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("/healthz answered %s", resp.Status)
	}
	return nil
}
