package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"

	"interop-peer/interoppb"
)

// talk opens a Chat stream and sends the items, without closing this half.
func talk(ctx context.Context, p *peer, items ...*interoppb.Item) (interoppb.Interop_ChatClient, error) {
	stream, err := p.interop.Chat(ctx)
	if err != nil {
		return nil, got("a Chat stream", err)
	}
	for i, item := range items {
		if err := stream.Send(item); err != nil {
			return nil, fmt.Errorf("expected item %d to be sent, got %w", i, err)
		}
	}
	return stream, nil
}

// pingPong sends each item when the one before has come back, then closes.
func pingPong(ctx context.Context, p *peer, items []*interoppb.Item) error {
	stream, err := talk(ctx, p)
	if err != nil {
		return err
	}
	for i, item := range items {
		if err := stream.Send(item); err != nil {
			return fmt.Errorf("expected item %d to be sent, got %w", i, err)
		}
		back, err := stream.Recv()
		if err != nil {
			return fmt.Errorf("expected item %d back, got %w", i, err)
		}
		if err := equalMessage(fmt.Sprintf("item %d", i), back, item); err != nil {
			return err
		}
	}
	return closesAfter(stream, nil)
}

// closesAfter closes this half and expects the rest of the items, then the end.
func closesAfter(stream interoppb.Interop_ChatClient, want []*interoppb.Item) error {
	if err := stream.CloseSend(); err != nil {
		return got("a half-close to be sent", err)
	}
	return endsAfter(stream, want)
}

func chat(ctx context.Context, p *peer) error {
	if err := pingPong(ctx, p, numbered(50, 20)); err != nil {
		return err
	}
	return pingPong(ctx, p, nil)
}

// chatBatch keeps below the 64 items that a Go peer buffers for a stream.
func chatBatch(ctx context.Context, p *peer) error {
	items := numbered(60, 20)
	stream, err := talk(ctx, p, items...)
	if err != nil {
		return err
	}
	return closesAfter(stream, items)
}

func chatEmptyItems(ctx context.Context, p *peer) error {
	items := []*interoppb.Item{{}, {Seq: 1}, {}, {}}
	stream, err := talk(ctx, p, items...)
	if err != nil {
		return err
	}
	if err := closesAfter(stream, items); err != nil {
		return err
	}
	return pingPong(ctx, p, items)
}

// chatEarlyEnd never closes its half: the end must come by itself.
func chatEarlyEnd(ctx context.Context, p *peer) error {
	items := []*interoppb.Item{{Seq: 1}, {Seq: 2}, {Seq: 3, Text: "bye", End: true}}
	stream, err := talk(ctx, p, items...)
	if err != nil {
		return err
	}
	return endsAfter(stream, items)
}

func chatFail(ctx context.Context, p *peer) error {
	items := []*interoppb.Item{{Seq: 1}, {Seq: 2}, {Seq: 3, Text: "enough", FailCode: int32(codes.Aborted)}}
	stream, err := talk(ctx, p, items...)
	if err != nil {
		return err
	}
	return failsAfter(stream, items[:2], codes.Aborted, "enough")
}
