package chaos

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binaryEnv says where TestMain has put the program under test.
const binaryEnv = "CHAOS_BINARY"

// TestMain builds the program once, as it is shipped: the race detector watches the keeper and the fakes.
// More scenarios run at once than there are processors: what they do most is wait.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("4")
	}
	os.Exit(withBinary(m.Run))
}

func withBinary(run func() int) int {
	dir, err := os.MkdirTemp("", "chaos")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "incident-bot")
	build := exec.Command("go", "build", "-race=false", "-o", path, "incident-bot/cmd/incident-bot")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the bot: %v\n%s", err, out)
		return 1
	}
	if err := os.Setenv(binaryEnv, path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return run()
}

// full says whether the sizes of the printed claims were asked for.
func full() bool { return os.Getenv("CHAOS") == "full" }

// sized picks a size: the small one unless the full sizes were asked for.
func sized(small, large int) int {
	if full() {
		return large
	}
	return small
}
