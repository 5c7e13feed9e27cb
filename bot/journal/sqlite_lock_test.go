package journal

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// childEnv names what this test binary does instead of testing when it is started as a child.
const childEnv = "JOURNAL_TEST_CHILD"

func TestMain(m *testing.M) {
	switch child, path, _ := strings.Cut(os.Getenv(childEnv), "|"); child {
	case "hold":
		hold(path)
	case "crash":
		crashChild(path)
	case "":
		os.Exit(m.Run())
	}
}

// hold opens a journal, says so, and closes it when its input ends.
func hold(path string) {
	j, err := Open(context.Background(), "sqlite:"+path, Options{})
	if err != nil {
		os.Stdout.WriteString("failed: " + err.Error() + "\n")
		return
	}
	os.Stdout.WriteString("open\n")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	_ = j.Close()
}

func TestSQLiteWaitsForAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"=hold|"+path)
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		t.Fatalf("%q, %v", line, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*lockPause)
	defer cancel()
	if j, err := Open(ctx, "sqlite:"+path, Options{}); err == nil || !strings.Contains(err.Error(), "stop the other") {
		t.Fatalf("opened while another process has it: %v, %v", j, err)
	}
	opened := make(chan error, 1)
	go func() {
		j, err := Open(t.Context(), "sqlite:"+path, Options{})
		if err == nil {
			err = j.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		t.Fatalf("opened while another process has it: %v", err)
	case <-time.After(3 * lockPause):
	}
	_ = in.Close()
	if err := <-opened; err != nil {
		t.Errorf("after the other ended: %v", err)
	}
}
