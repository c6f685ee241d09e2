// Package bench is what the server and the client of bench.v1.Bench share.
package bench

import (
	"fmt"
	"sync"
)

const kinds = 16

// Payloads are the sixteen payloads of a size; payload k has the bytes (31*k + i) & 0xff.
type Payloads [kinds][]byte

// made has the payloads of each size that was asked for.
var made sync.Map

// PayloadsOf are the payloads of a size, made once.
func PayloadsOf(size int) *Payloads {
	if p, ok := made.Load(size); ok {
		return p.(*Payloads)
	}
	p, _ := made.LoadOrStore(size, newPayloads(size))
	return p.(*Payloads)
}

func newPayloads(size int) *Payloads {
	p := &Payloads{}
	for k := range p {
		p[k] = make([]byte, size)
		for i := range p[k] {
			p[k][i] = byte(31*k + i)
		}
	}
	return p
}

// At is the payload of message n.
func (p *Payloads) At(n int) []byte {
	return p[n&(kinds-1)]
}

// RequireSame checks all bytes of a small payload, and the length and each 509th byte of a large one.
func RequireSame(actual, expected []byte) error {
	step := 509
	if len(expected) <= 256 {
		step = 1
	}
	same := len(actual) == len(expected)
	for i := 0; same && i < len(expected); i += step {
		same = actual[i] == expected[i]
	}
	if !same {
		return fmt.Errorf("got another payload of %d bytes than was sent", len(actual))
	}
	return nil
}

// MessageCheck checks messages as they come, and counts them.
type MessageCheck struct {
	Count    int
	payloads *Payloads
}

// Next checks the next message.
func (c *MessageCheck) Next(data []byte) error {
	if c.payloads == nil {
		c.payloads = PayloadsOf(len(data))
	}
	err := RequireSame(data, c.payloads.At(c.Count))
	c.Count++
	return err
}
