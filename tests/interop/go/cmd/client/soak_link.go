package main

import (
	"net"
	"sync"
	"sync/atomic"

	"github.com/containerd/ttrpc"

	"interop-peer/interoppb"
	"interop-peer/plainpb"
)

// A soakConn is a connection, and whether something was done to it, so that its calls may be lost.
type soakConn struct {
	peer      *peer
	disturbed atomic.Bool
}

// A soakLink has one connection at a time, and makes none while up is held for writing: the server is not there.
type soakLink struct {
	socket string
	up     *sync.RWMutex
	mu     sync.Mutex
	now    atomic.Pointer[soakConn]
	dials  int
}

// conn is the connection for a call, a new one after the last was disturbed; calls on that one end with it.
func (l *soakLink) conn() (*soakConn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := l.now.Load(); now != nil && !now.disturbed.Load() {
		return now, nil
	}
	l.up.RLock()
	defer l.up.RUnlock()
	conn, err := net.Dial("unix", l.socket)
	if err != nil {
		return nil, err
	}
	client := ttrpc.NewClient(conn)
	now := &soakConn{peer: &peer{client, interoppb.NewInteropClient(client), plainpb.NewPlainClient(client)}}
	l.dials++
	l.now.Store(now)
	return now, nil
}

// disturb says that the connection is about to be lost.
func (l *soakLink) disturb() *soakConn {
	now := l.now.Load()
	if now != nil {
		now.disturbed.Store(true)
	}
	return now
}

// cut closes the connection in the middle of what goes on.
func (l *soakLink) cut() {
	if now := l.disturb(); now != nil {
		now.peer.Close()
	}
}

func (l *soakLink) reconnects() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.dials-1)
}
