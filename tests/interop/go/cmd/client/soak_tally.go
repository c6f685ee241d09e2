package main

import (
	"maps"
	"sync"
)

// A tally totals what happened; its JSON is what the process that has started this one prints.
type tally struct {
	mu sync.Mutex
	totals
}

type totals struct {
	Calls      int            `json:"calls"`
	ByKind     map[string]int `json:"byKind"`
	ByOutcome  map[string]int `json:"byOutcome"`
	Reconnects int            `json:"reconnects"`
	Restarts   int            `json:"restarts"`
	Wrong      []string       `json:"wrong"`
}

func newTally() *tally {
	return &tally{totals: totals{ByKind: map[string]int{}, ByOutcome: map[string]int{}, Wrong: []string{}}}
}

// line is a copy for a line of JSON.
func (t *tally) line() map[string]totals {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.totals
	now.ByKind, now.ByOutcome = maps.Clone(now.ByKind), maps.Clone(now.ByOutcome)
	return map[string]totals{"tally": now}
}

// end totals a call that has ended as it had to.
func (t *tally) end(kind, outcome string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Calls++
	t.ByKind[kind]++
	t.ByOutcome[outcome]++
}

func (t *tally) wrong(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Wrong = append(t.Wrong, what)
}

func (t *tally) wrongs() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.Wrong)
}

func (t *tally) restart() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Restarts++
}

func (t *tally) reconnects(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Reconnects += n
}
