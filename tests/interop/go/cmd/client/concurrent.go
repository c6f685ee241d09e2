package main

import (
	"context"
	"fmt"

	"interop-peer/interoppb"
)

// concurrent1000 lets every call wait on the server until all of them are there, and mixes up the order of the answers.
func concurrent1000(ctx context.Context, p *peer) error {
	return inParallel(1000, func(i int) error {
		return echoes(ctx, p, &interoppb.EchoRequest{
			Payload: pattern(i, i), Text: fmt.Sprintf("call %d", i), DelayMs: uint32(200 + i*37%100),
		})
	})
}

func mixedConcurrent(ctx context.Context, p *peer) error {
	kinds := []func(i int) error{
		func(i int) error {
			return echoes(ctx, p, &interoppb.EchoRequest{Payload: pattern(i, 100*i), DelayMs: uint32(i)})
		},
		func(i int) error { return counts(ctx, p, 2*i, 50*i) },
		func(i int) error { return sumsUpTo(ctx, p, 3*i) },
		func(i int) error { return pingPong(ctx, p, numbered(i, 10*i)) },
	}
	return inParallel(60, func(i int) error { return kinds[i%len(kinds)](i) })
}
