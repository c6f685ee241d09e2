// Command client runs named scenarios against a server of interop.v1.Interop and Plain, and prints one
// JSON line for each. The verdicts are in the lines: the exit code is 0 when the scenarios could run.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

const usage = `usage: client SOCKET all
       client SOCKET SCENARIO...
       client SOCKET soak [-calls N] [-minutes M] [-workers W] [-seed S]
       client list`

type verdict struct {
	Scenario string `json:"scenario"`
	OK       bool   `json:"ok"`
	Why      string `json:"why,omitempty"`
}

func main() {
	args := os.Args[1:]
	if len(args) == 1 && args[0] == "list" {
		for _, s := range scenarios {
			fmt.Println(s.name)
		}
		return
	}
	if len(args) < 2 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	if args[1] == "soak" {
		if err := runSoak(args[0], args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "client:", err)
			os.Exit(2)
		}
		return
	}
	chosen, err := choose(args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "client:", err)
		os.Exit(2)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, s := range chosen {
		v := verdict{Scenario: s.name, OK: true}
		if err := run(s, args[0]); err != nil {
			v.OK, v.Why = false, err.Error()
		}
		out.Encode(v)
	}
}

func choose(names []string) ([]scenario, error) {
	if len(names) == 1 && names[0] == "all" {
		return scenarios, nil
	}
	var chosen []scenario
	for _, name := range names {
		i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no scenario %q", name)
		}
		chosen = append(chosen, scenarios[i])
	}
	return chosen, nil
}
