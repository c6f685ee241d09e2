package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"

	"interop-peer/interoppb"
)

type itemReader interface {
	Recv() (*interoppb.Item, error)
}

// readItems reads to the end of the stream; err is the error it ended with, if any.
func readItems(stream itemReader) (items []*interoppb.Item, err error) {
	for {
		item, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return items, nil
		}
		if err != nil {
			return items, err
		}
		items = append(items, item)
	}
}

func equalItems(got, want []*interoppb.Item) error {
	for i := range min(len(got), len(want)) {
		if err := equalMessage(fmt.Sprintf("item %d", i), got[i], want[i]); err != nil {
			return err
		}
	}
	return equal("number of items", len(got), len(want))
}

// endsAfter expects the stream to end well after the items.
func endsAfter(stream itemReader, want []*interoppb.Item) error {
	items, err := readItems(stream)
	if err != nil {
		return fmt.Errorf("expected the stream to end well, got after %d items: %w", len(items), err)
	}
	return equalItems(items, want)
}

// failsAfter expects the stream to fail after the items.
func failsAfter(stream itemReader, want []*interoppb.Item, code codes.Code, message string) error {
	items, err := readItems(stream)
	return cmp.Or(equalItems(items, want), failsWith(err, code, message))
}

// numbered is what Count sends: items with seq 0 to n-1.
func numbered(n, payloadSize int) []*interoppb.Item {
	items := make([]*interoppb.Item, n)
	for seq := range items {
		items[seq] = &interoppb.Item{Seq: uint64(seq), Payload: pattern(seq, payloadSize)}
	}
	return items
}

// counts makes a Count call that sends n items.
func counts(ctx context.Context, p *peer, n, payloadSize int) error {
	stream, err := p.interop.Count(ctx, &interoppb.CountRequest{N: uint32(n), PayloadSize: uint32(payloadSize)})
	if err != nil {
		return got("a Count stream", err)
	}
	return endsAfter(stream, numbered(n, payloadSize))
}

func count(ctx context.Context, p *peer) error {
	if err := counts(ctx, p, 100, 1000); err != nil {
		return err
	}
	return counts(ctx, p, 0, 0)
}

func countFail(ctx context.Context, p *peer) error {
	stream, err := p.interop.Count(ctx, &interoppb.CountRequest{
		N: 10, PayloadSize: 5, FailCode: int32(codes.DataLoss), FailMessage: "lost the rest", FailAfter: 3,
	})
	if err != nil {
		return got("a Count stream", err)
	}
	return failsAfter(stream, numbered(3, 5), codes.DataLoss, "lost the rest")
}

// countEmptyItem gets an item with seq 0 and no payload, which encodes to no bytes at all.
func countEmptyItem(ctx context.Context, p *peer) error {
	return counts(ctx, p, 1, 0)
}

func fromEmpty(ctx context.Context, p *peer) error {
	stream, err := p.interop.FromEmpty(ctx, &emptypb.Empty{})
	if err != nil {
		return got("a FromEmpty stream", err)
	}
	return endsAfter(stream, []*interoppb.Item{{Seq: 1, Text: "one"}, {Seq: 2, Text: "two"}, {Seq: 3, Text: "three"}})
}

// slowReader reads its items only when another call has been answered.
func slowReader(ctx context.Context, p *peer) error {
	stream, err := p.interop.Count(ctx, &interoppb.CountRequest{N: 200})
	if err != nil {
		return got("a Count stream", err)
	}
	if err := echoes(ctx, p, &interoppb.EchoRequest{DelayMs: 100}); err != nil {
		return err
	}
	return endsAfter(stream, numbered(200, 0))
}
