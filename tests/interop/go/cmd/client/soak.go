package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/containerd/log"
)

const (
	soakLinks    = 4
	cutCalls     = 500
	restartCalls = 5000
	tallyEvery   = time.Second
	maxWrong     = 10
)

// A soak makes calls of all kinds from many workers over a few links, and verifies every answer.
type soak struct {
	calls, workers int
	seed           uint64
	until          time.Time
	up             sync.RWMutex
	links          [soakLinks]*soakLink
	ask            *asker
	next           atomic.Int64
	tally          *tally
}

// runSoak prints a JSON line with the tally every second and at the end.
func runSoak(socket string, args []string) error {
	s := &soak{ask: newAsker(os.Stdin, os.Stdout), tally: newTally()}
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.IntVar(&s.calls, "calls", math.MaxInt, "how many calls are made")
	flags.IntVar(&s.workers, "workers", 64, "how many are open at a time")
	flags.Uint64Var(&s.seed, "seed", 1, "what all that is random comes from")
	minutes := flags.Float64("minutes", 1, "how long calls are made")
	if err := flags.Parse(args); err != nil {
		return err
	}
	// The late answers to calls that were given up.
	log.L.Logger.SetOutput(io.Discard)
	s.until = time.Now().Add(time.Duration(*minutes * float64(time.Minute)))
	for i := range s.links {
		s.links[i] = &soakLink{socket: socket, up: &s.up}
	}
	defer s.every(tallyEvery, func() { s.ask.say(s.tally.line()) })()
	var wg sync.WaitGroup
	for range s.workers {
		wg.Go(s.work)
	}
	wg.Wait()
	for _, link := range s.links {
		link.cut()
		s.tally.reconnects(link.reconnects())
	}
	s.ask.say(s.tally.line())
	// Until then its memory can be looked at.
	s.ask.ask("end")
	return nil
}

func (s *soak) every(interval time.Duration, f func()) (stop func()) {
	ticker := time.NewTicker(interval)
	go func() {
		for range ticker.C {
			f()
		}
	}()
	return ticker.Stop
}

func (s *soak) work() {
	for s.tally.wrongs() < maxWrong && time.Now().Before(s.until) {
		number := int(s.next.Add(1))
		if number > s.calls {
			return
		}
		s.disturb(number)
		if err := s.call(number); err != nil {
			s.tally.wrong(fmt.Sprintf("call %d: %v", number, err))
		}
	}
}

// disturb cuts a connection before some of the calls, and has the server restarted before others.
func (s *soak) disturb(number int) {
	if number%cutCalls == 0 {
		s.links[number/cutCalls%soakLinks].cut()
	}
	if number%restartCalls == restartCalls/2 {
		s.restart()
	}
}

func (s *soak) restart() {
	s.up.Lock()
	defer s.up.Unlock()
	for _, link := range s.links {
		link.disturb()
	}
	s.ask.ask("restart")
	s.tally.restart()
}

func (s *soak) call(number int) error {
	conn, err := s.links[number%soakLinks].conn()
	if err != nil {
		return got("a connection", err)
	}
	p := planCall(rand.New(rand.NewPCG(s.seed, uint64(number))), number)
	ctx, cancel := p.bounds(context.Background())
	defer cancel()
	outcome, err := p.judge(p.make(ctx, conn.peer), conn.disturbed.Load())
	if err != nil {
		return err
	}
	s.tally.end(p.kind, outcome)
	return nil
}

// An asker talks with the process that has started this one: a line of JSON, and for a question one line back.
type asker struct {
	mu      sync.Mutex
	lines   *json.Encoder
	answers *bufio.Scanner
}

func newAsker(answers io.Reader, lines io.Writer) *asker {
	return &asker{lines: json.NewEncoder(lines), answers: bufio.NewScanner(answers)}
}

func (a *asker) say(line any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lines.Encode(line)
}

// ask comes back when what was asked for has been done.
func (a *asker) ask(what string) {
	a.say(map[string]string{"ask": what})
	a.answers.Scan()
}
