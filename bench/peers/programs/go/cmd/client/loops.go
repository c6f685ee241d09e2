package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	bench "bench-peer"
	"bench-peer/benchpb"
)

// unary keeps r.InFlight calls open until the time is over.
func unary(peers []*peer, r row, over *atomic.Bool) (int, error) {
	payloads := bench.PayloadsOf(r.Size)
	counts, errs := make([]int, r.InFlight), make([]error, r.InFlight)
	var group sync.WaitGroup
	for worker := range r.InFlight {
		group.Go(func() {
			counts[worker], errs[worker] = echo(peers[worker%len(peers)], payloads, worker, over)
		})
	}
	group.Wait()
	done := 0
	for _, count := range counts {
		done += count
	}
	return done, errors.Join(errs...)
}

func echo(p *peer, payloads *bench.Payloads, first int, over *atomic.Bool) (done int, err error) {
	for n := first; !over.Load(); n++ {
		data := payloads.At(n)
		reply, err := p.Echo(context.Background(), &benchpb.Payload{Data: data})
		if err != nil {
			return done, err
		}
		if err := bench.RequireSame(reply.Data, data); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

// download has server streams of r.Count messages, one after the other.
func download(peers []*peer, r row, over *atomic.Bool) (done int, err error) {
	req := &benchpb.DownloadRequest{Count: uint32(r.Count), Size: uint32(r.Size)}
	for !over.Load() {
		stream, err := peers[0].Download(context.Background(), req)
		if err != nil {
			return done, err
		}
		if err := receive(stream.Recv, r.Count); err != nil {
			return done, err
		}
		done += r.Count
	}
	return done, nil
}

// upload has uploads of r.Count messages, which the server checks, one after the other.
func upload(peers []*peer, r row, over *atomic.Bool) (done int, err error) {
	payloads := bench.PayloadsOf(r.Size)
	for !over.Load() {
		stream, err := peers[0].Upload(context.Background())
		if err != nil {
			return done, err
		}
		if err := send(stream.Send, payloads, r.Count); err != nil {
			return done, err
		}
		reply, err := stream.CloseAndRecv()
		if err != nil {
			return done, err
		}
		if err := requireCount(int(reply.Count), r.Count); err != nil {
			return done, err
		}
		done += r.Count
	}
	return done, nil
}

// exchange has streams of r.Count messages each way, one after the other; messages are sent while others
// come back.
func exchange(peers []*peer, r row, over *atomic.Bool) (done int, err error) {
	payloads := bench.PayloadsOf(r.Size)
	for !over.Load() {
		stream, err := peers[0].Exchange(context.Background())
		if err != nil {
			return done, err
		}
		sent := make(chan error, 1)
		go func() { sent <- errors.Join(send(stream.Send, payloads, r.Count), stream.CloseSend()) }()
		if err := errors.Join(receive(stream.Recv, r.Count), <-sent); err != nil {
			return done, err
		}
		done += r.Count
	}
	return done, nil
}

func send(send func(*benchpb.Payload) error, payloads *bench.Payloads, count int) error {
	for n := range count {
		if err := send(&benchpb.Payload{Data: payloads.At(n)}); err != nil {
			return err
		}
	}
	return nil
}

func receive(receive func() (*benchpb.Payload, error), count int) error {
	var check bench.MessageCheck
	for {
		payload, err := receive()
		if errors.Is(err, io.EOF) {
			return requireCount(check.Count, count)
		}
		if err != nil {
			return err
		}
		if err := check.Next(payload.Data); err != nil {
			return err
		}
	}
}

func requireCount(actual, expected int) error {
	if actual != expected {
		return fmt.Errorf("got %d messages instead of %d", actual, expected)
	}
	return nil
}
