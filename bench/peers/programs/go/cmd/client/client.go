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

// client keeps the connections that are held between rows.
type client struct {
	socket string
	held   []*peer
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
	if r.Kind == "release" {
		closeAll(c.held)
		c.held = nil
		return result{}, nil
	}
	peers, err := openAll(c.socket, r.Connections)
	if err != nil {
		return result{}, err
	}
	if r.Kind == "hold" {
		c.held = peers
		return result{}, nil
	}
	defer closeAll(peers)
	run, ok := loops[r.Kind]
	if !ok {
		return result{}, fmt.Errorf("no loop for rows of the kind %q", r.Kind)
	}
	var over atomic.Bool
	timer := time.AfterFunc(time.Duration(r.Seconds*float64(time.Second)), func() { over.Store(true) })
	defer timer.Stop()
	start := time.Now()
	done, err := run(peers, r, &over)
	return result{Done: done, Seconds: time.Since(start).Seconds()}, err
}

func openAll(socket string, count int) ([]*peer, error) {
	var peers []*peer
	for range count {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			return nil, err
		}
		connection := ttrpc.NewClient(conn)
		p := &peer{benchpb.NewBenchClient(connection), connection}
		peers = append(peers, p)
		if _, err := p.Echo(context.Background(), &benchpb.Payload{}); err != nil {
			return nil, err
		}
	}
	return peers, nil
}

func closeAll(peers []*peer) {
	for _, p := range peers {
		p.connection.Close()
	}
}
