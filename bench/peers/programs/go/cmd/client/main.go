// Command client runs rows against a server of bench.v1.Bench: a row in each line of JSON that comes, its
// result in each that goes.
package main

import (
	"encoding/json"
	"os"
)

type row struct {
	Kind        string  `json:"kind"`
	Size        int     `json:"size"`
	InFlight    int     `json:"inFlight"`
	Count       int     `json:"count"`
	Connections int     `json:"connections"`
	Seconds     float64 `json:"seconds"`
}

type result struct {
	Done    int     `json:"done"`
	Seconds float64 `json:"seconds"`
	Error   string  `json:"error,omitempty"`
}

func main() {
	c := client{socket: os.Args[1]}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		r := row{Connections: 1}
		if in.Decode(&r) != nil {
			return
		}
		res, err := c.run(r)
		if err != nil {
			c.close()
			res.Error = err.Error()
		}
		out.Encode(res)
	}
}
