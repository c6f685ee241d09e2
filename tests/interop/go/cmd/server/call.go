package main

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/containerd/ttrpc"

	"interop-peer/interoppb"
)

// metadata lists what came with the call: sorted by key, the values of one key as received.
func metadata(ctx context.Context) []*interoppb.Pair {
	md, _ := ttrpc.GetMetadata(ctx)
	var pairs []*interoppb.Pair
	for _, key := range slices.Sorted(maps.Keys(md)) {
		for _, value := range md[key] {
			pairs = append(pairs, &interoppb.Pair{Key: key, Value: value})
		}
	}
	return pairs
}

// timeoutLeft is the rest of the caller's timeout in nanoseconds, 0 for none.
func timeoutLeft(ctx context.Context) int64 {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0
	}
	return time.Until(deadline).Nanoseconds()
}

// wait sleeps, unless the call ends first.
func wait(ctx context.Context, ms uint32) error {
	if ms == 0 {
		return nil
	}
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pattern is size bytes, byte i = (first + i) & 0xff.
func pattern(first, size uint32) []byte {
	p := make([]byte, size)
	for i := range p {
		p[i] = byte(first + uint32(i))
	}
	return p
}
