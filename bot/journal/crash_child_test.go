package journal

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"incident-bot/bot"
)

// child is the process that is killed. It uses a journal as the bot does, and talks to its parent, who is the world, in
// lines: "n verb argument" asks and is answered with "n answer"; "0 verb argument" tells. The parent's "act" lines are
// what arrives.
type child struct {
	j       Journal
	out     sync.Mutex
	mu      sync.Mutex
	asked   int
	answers map[int]chan string
	dieAt   string // the name of a boundary
	dieIn   int    // how often it is passed until then
}

// crashSteps names the boundaries at which the child can be told to die.
func crashSteps() []string {
	return []string{
		"opened", "recovered", "received", "commit", "committed", "put", "acknowledged", "started", "begun", "looked", "happened", "concluded",
		"undone", "put off", "ended",
	}
}

// crashChild lives until it is killed. spec is the name of the boundary at which it ends itself, how often it passes
// that before, and the URL of the journal, apart by "|".
func crashChild(spec string) {
	part := strings.SplitN(spec, "|", 3)
	c := &child{answers: map[int]chan string{}, dieAt: part[0]}
	c.dieIn, _ = strconv.Atoi(part[1])
	j, err := openCrash(part[2], Options{step: c.step})
	if err != nil {
		c.tell("failed", err.Error())
		return
	}
	c.j = j
	c.step("opened")
	var early []bot.Entry
	err = j.Open(context.Background(), func(e bot.Entry) { early = append(early, e) })
	if err != nil {
		c.tell("failed", err.Error())
	}
	for _, e := range early {
		c.tell("recovered", fmt.Sprint(string(e.Body), " ", e.Attempts))
	}
	c.step("recovered")
	for _, e := range early {
		c.plan(e, e.Due)
	}
	c.tell("ready", "")
	c.listen()
}

// step passes a boundary, or ends the process there as a power cut would.
func (c *child) step(name string) {
	if name != c.dieAt {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dieIn--; c.dieIn < 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// listen takes what the parent says.
func (c *child) listen() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		first, rest, _ := strings.Cut(in.Text(), " ")
		if first == "act" {
			go c.receive(rest)
			continue
		}
		n, _ := strconv.Atoi(first)
		c.mu.Lock()
		answer := c.answers[n]
		delete(c.answers, n)
		c.mu.Unlock()
		answer <- rest
	}
	_ = c.j.Close()
}

func (c *child) tell(verb, argument string) { c.line(0, verb, argument) }

func (c *child) line(n int, verb, argument string) {
	c.out.Lock()
	defer c.out.Unlock()
	fmt.Fprintln(os.Stdout, n, verb, argument)
}

func (c *child) ask(verb, argument string) string {
	answer := make(chan string, 1)
	c.mu.Lock()
	c.asked++
	n := c.asked
	c.answers[n] = answer
	c.mu.Unlock()
	c.line(n, verb, argument)
	return <-answer
}

// receive puts what arrived, acknowledges it, and runs it.
func (c *child) receive(act string) {
	c.step("received")
	e := &bot.Entry{
		Key: "act:" + act, Names: []string{"envelope:" + act}, Workspace: "T1", User: "U1", Lane: "T1/" + act, Received: time.Now(), Body: []byte(act),
	}
	seen, err := c.j.Put(context.Background(), e)
	if err != nil {
		c.tell("failed", err.Error())
		return
	}
	c.step("put")
	c.tell("acknowledge", act)
	c.step("acknowledged")
	if seen {
		c.tell("seen", act)
	} else if !e.Elsewhere {
		c.handle(*e)
	}
}

// plan handles an entry when it is due.
func (c *child) plan(e bot.Entry, due time.Time) {
	time.AfterFunc(max(0, time.Until(due)), func() { c.handle(e) })
}

// handle does what an act asks for: one effect, then an answer, each once.
func (c *child) handle(e bot.Entry) {
	act := string(e.Body)
	ours, err := c.j.Start(context.Background(), e.ID)
	if err != nil || !ours {
		c.tell("failed", fmt.Sprint("start of ", act, ": ", ours, " ", err))
		return
	}
	c.tell("started", act)
	c.step("started")
	if !c.once(e, "declare") || !c.once(e, "answer") {
		due := time.Now().Add(2 * time.Millisecond)
		c.j.Later(e.ID, due, "the world did not answer")
		c.step("put off")
		c.plan(e, due)
		return
	}
	c.j.End(e.ID, false, "")
	c.step("ended")
	c.tell("ended", act)
}

// once sees to it that an effect has happened once. It is false when nobody can tell.
func (c *child) once(e bot.Entry, name string) bool {
	effect := name + " " + string(e.Body)
	l, err := c.j.Begin(context.Background(), e.ID, name, []byte(effect))
	if err != nil {
		c.tell("failed", err.Error())
		return false
	}
	if l.Done {
		return true
	}
	if l.Before && string(l.Memo) != effect {
		c.tell("failed", "the memo of "+effect+" is "+string(l.Memo))
	}
	c.step("begun")
	happened := false
	if l.Before {
		happened = c.ask("find", effect) == "yes"
		c.step("looked")
	}
	if !happened {
		switch c.ask("do", effect) {
		case "lost":
			return false
		case "no":
			c.j.Undone(e.ID, name)
			c.step("undone")
			return false
		}
	}
	c.step("happened")
	c.j.Concluded(e.ID, name, []byte("42"))
	c.step("concluded")
	return true
}
