package main

import (
	"context"
	"errors"
	"sync"

	"github.com/containerd/ttrpc"

	"interop-peer/interoppb"
)

// stats counts handlers.
type stats struct {
	mu                         sync.Mutex
	active, started, cancelled uint64
}

// enter counts a handler as running until the function it returns is called; err is what the handler ends with.
func (s *stats) enter(ctx context.Context, err *error) (leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active++
	s.started++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.active--
		// A lost connection shows as ErrClosed shortly before the context is cancelled.
		if *err != nil && (ctx.Err() != nil || errors.Is(*err, ttrpc.ErrClosed)) {
			s.cancelled++
		}
	}
}

func (s *stats) report() *interoppb.StatsResponse {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &interoppb.StatsResponse{Active: s.active, Started: s.started, Cancelled: s.cancelled}
}
