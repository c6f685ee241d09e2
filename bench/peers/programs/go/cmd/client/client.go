package main

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/containerd/ttrpc"

	"bench-peer/benchpb"
)

// client has the connections of a row.
type client struct {
	socket string
	peers  []*peer
}

// peer is a connection on which a call has been made.
type peer struct {
	benchpb.BenchClient
	connection *ttrpc.Client
}

// loop does what a row asks for until the time is over, and says how many calls or messages were done.
type loop func(peers []*peer, r row, over *atomic.Bool) (int, error)

var loops = map[string]loop{"unary": unary, "download": download, "upload": upload, "exchange": exchange}

func (c *client) run(r row) (result, error) {
	switch r.Kind {
	case "open":
		return result{}, c.open(r.Connections)
	case "close":
		c.close()
		return result{}, nil
	}
	run, ok := loops[r.Kind]
	if !ok {
		return result{}, fmt.Errorf("no loop for rows of the kind %q", r.Kind)
	}
	var over atomic.Bool
	timer := time.AfterFunc(time.Duration(r.Seconds*float64(time.Second)), func() { over.Store(true) })
	defer timer.Stop()
	start := time.Now()
	done, err := run(c.peers, r, &over)
	return result{Done: done, Seconds: time.Since(start).Seconds()}, err
}

func (c *client) open(count int) error {
	for range count {
		conn, err := net.Dial("unix", c.socket)
		if err != nil {
			return err
		}
		connection := ttrpc.NewClient(conn)
		p := &peer{benchpb.NewBenchClient(connection), connection}
		c.peers = append(c.peers, p)
		if _, err := p.Echo(context.Background(), &benchpb.Payload{}); err != nil {
			return err
		}
	}
	return nil
}

func (c *client) close() {
	for _, p := range c.peers {
		p.connection.Close()
	}
	c.peers = nil
}
