package journal

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// world is the parent of children that die: it is Slack, which sends acts and takes acknowledgements and answers, and
// Grafana, where effects happen and can be found.
type world struct {
	t    *testing.T
	url  string
	dice *rand.Rand
	soon time.Duration // within which a child dies that does so at a random instant

	next    int
	acts    map[string]*act
	again   []string // acts that were sent in the last life: some of them are sent again
	lives   int
	deaths  int
	effects int
}

// act is what became of something that was sent.
type act struct {
	acknowledged bool
	started      int // as far as was heard of it
	ended        bool
	happened     map[string]int // "declare" and "answer"
}

func newWorld(t *testing.T, url string, seed uint64) *world {
	return &world{t: t, url: url, soon: 30 * time.Millisecond, dice: rand.New(rand.NewPCG(seed, 1)), acts: map[string]*act{}}
}

// life is one child.
type life struct {
	*world
	cmd   *exec.Cmd
	in    io.WriteCloser
	fresh int // acts that it may still be sent
	open  int // what it was sent or found, and has not ended or seen before
	stop  bool
}

// live starts a child, sends it some acts, and returns when it is dead. It dies at the step, when it has passed that so
// often; at a random instant if step is ""; and not before all is done if it is to live.
func (w *world) live(step string, passes, acts int) {
	l := w.begin(step, passes, acts)
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.lives++
	if step == "" {
		after := time.Duration(w.dice.Int64N(int64(w.soon)))
		defer time.AfterFunc(after, func() { _ = l.cmd.Process.Kill() }).Stop()
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() { // to the end: what the dead one said last counts too
		l.hear(lines.Text())
	}
	if err := l.cmd.Wait(); err != nil {
		w.deaths++
	} else if !l.stop {
		w.t.Fatal("a child left by itself")
	}
}

func (w *world) begin(step string, passes, acts int) *life {
	l := &life{world: w, fresh: acts}
	l.cmd = exec.Command(os.Args[0])
	l.cmd.Env = append(os.Environ(), fmt.Sprint(childEnv, "=crash|", step, "|", passes, "|", w.url))
	l.cmd.Stderr = os.Stderr
	in, err := l.cmd.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	l.in = in
	return l
}

// hear takes one line of the child.
func (l *life) hear(line string) {
	part := strings.SplitN(line, " ", 3)
	if len(part) != 3 {
		l.t.Fatalf("the child said %q", line)
	}
	n, verb, argument := part[0], part[1], part[2]
	switch verb {
	case "ready":
		l.repeat()
		l.feed()
	case "recovered":
		l.recovered(argument)
	case "acknowledge":
		l.acts[argument].acknowledged = true
	case "started":
		l.acts[argument].started++
	case "ended", "seen":
		a := l.acts[argument]
		a.ended = a.ended || verb == "ended"
		l.open--
		l.feed()
	case "do":
		l.say(n + " " + l.do(argument))
	case "find":
		l.say(n + " " + l.find(argument))
	default:
		l.t.Errorf("the child said %q", line)
		_ = l.cmd.Process.Kill() // it waits for nothing that will come
	}
}

// say writes a line to the child, which may be dead by now.
func (l *life) say(line string) { _, _ = io.WriteString(l.in, line+"\n") }

// recovered checks that an entry that was found again is one that may be, and its count of attempts.
func (l *life) recovered(argument string) {
	var name string
	var attempts int
	if _, err := fmt.Sscan(argument, &name, &attempts); err != nil {
		l.t.Errorf("recovered %q: %v", argument, err)
		return
	}
	a := l.acts[name]
	if a == nil {
		l.t.Errorf("recovered %q, which was never sent", name)
		return
	}
	if attempts < a.started {
		l.t.Errorf("recovered %s with %d attempts after %d starts", name, attempts, a.started)
	}
	l.open++
}

// repeat sends some acts again that the last child was sent, acknowledged or not.
func (l *life) repeat() {
	for _, name := range l.again {
		if l.dice.IntN(3) == 0 {
			l.send(name)
		}
	}
	l.again = nil
}

func (l *life) send(name string) {
	l.open++
	l.say("act " + name)
}

// feed keeps some acts under way. A child that is to live is told to leave when nothing is left.
func (l *life) feed() {
	for l.fresh > 0 && l.open < 6 {
		l.fresh--
		l.next++
		name := fmt.Sprint("a", l.next)
		l.acts[name] = &act{happened: map[string]int{}}
		l.again = append(l.again, name)
		l.send(name)
		if l.dice.IntN(4) == 0 {
			l.send(name) // twice at once
		}
	}
	if l.fresh == 0 && l.open == 0 {
		l.stop = true
		_ = l.in.Close()
	}
}

// do has an effect happen, or not, and answers truly, or not at all.
func (l *life) do(effect string) string {
	name, key, _ := strings.Cut(effect, " ")
	switch l.dice.IntN(20) {
	case 0:
		return "no"
	case 1:
		return "lost"
	case 2:
		l.acts[key].happened[name]++
		return "lost"
	}
	l.acts[key].happened[name]++
	return "yes"
}

func (l *life) find(effect string) string {
	name, key, _ := strings.Cut(effect, " ")
	if l.acts[key].happened[name] > 0 {
		return "yes"
	}
	return "no"
}

// judge says what was lost or doubled.
func (w *world) judge() {
	w.t.Helper()
	acknowledged := 0
	for name, a := range w.acts {
		if a.acknowledged {
			acknowledged++
		}
		for _, effect := range []string{"declare", "answer"} {
			if n := a.happened[effect]; n > 1 || a.acknowledged && n == 0 {
				w.t.Errorf("%s: acknowledged %v, ended %v, %s happened %d times", name, a.acknowledged, a.ended, effect, n)
			}
		}
		w.effects += a.happened["declare"] + a.happened["answer"]
	}
	w.t.Logf("%d lives, %d deaths, %d acts, %d acknowledged, %d effects", w.lives, w.deaths, len(w.acts), acknowledged, w.effects)
}
