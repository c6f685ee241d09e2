package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/containerd/ttrpc"

	"interop-peer/interoppb"
)

// abandoned is how many items a stream may have that is given up: a client that reads no more of them waits for a
// second with all its calls when there are more than 64.
const abandoned = 60

// make makes the call, and verifies what comes.
func (p *plan) make(ctx context.Context, peer *peer) error {
	switch p.kind {
	case "unary":
		return p.makeUnary(ctx, peer)
	case "server stream":
		return p.makeServerStream(ctx, peer)
	case "client stream":
		return p.makeClientStream(ctx, peer)
	}
	return p.makeBidi(ctx, peer)
}

func (p *plan) makeUnary(ctx context.Context, peer *peer) error {
	if p.ending == endsWithFailure {
		_, err := peer.interop.Fail(ctx, &interoppb.FailRequest{Code: int32(p.code), Message: p.message})
		return err
	}
	req := &interoppb.EchoRequest{Payload: p.payload(), Text: fmt.Sprintf("call %d", p.number)}
	if p.ending != endsWithReply {
		req.DelayMs = 50
	}
	want := &interoppb.EchoResponse{Payload: req.Payload, Text: req.Text}
	if p.IntN(4) == 0 {
		ctx = ttrpc.WithMetadata(ctx, ttrpc.MD{"X-Soak": {req.Text, ""}})
		want.Metadata = []*interoppb.Pair{{Key: "x-soak", Value: req.Text}, {Key: "x-soak"}}
	}
	reply, err := peer.interop.Echo(ctx, req)
	if err != nil {
		return err
	}
	return equalMessage("reply", reply, want)
}

func (p *plan) makeServerStream(ctx context.Context, peer *peer) error {
	n, size := p.items(), p.size()
	if size > 1<<16 {
		n = min(n, 3)
	}
	req := &interoppb.CountRequest{N: uint32(n), PayloadSize: uint32(size)}
	if p.ending == endsWithFailure {
		req.N, req.FailAfter, req.FailCode, req.FailMessage = req.N+1, req.N, int32(p.code), p.message
	}
	stream, err := peer.interop.Count(ctx, req)
	if err != nil {
		return err
	}
	return p.reads(stream, numbered(n, size))
}

func (p *plan) makeClientStream(ctx context.Context, peer *peer) error {
	stream, err := peer.interop.Sum(ctx)
	if err != nil {
		return err
	}
	want := &interoppb.SumResponse{}
	for range p.items() {
		number := &interoppb.Number{Value: int64(p.Int32()), Payload: p.payload()}
		if err := stream.Send(number); err != nil {
			return err
		}
		want.Sum, want.Count, want.Bytes = want.Sum+number.Value, want.Count+1, want.Bytes+uint64(len(number.Payload))
	}
	if p.ending == endsWithFailure {
		err := stream.Send(&interoppb.Number{FailCode: int32(p.code), FailMessage: p.message})
		return cmp.Or(err, stream.RecvMsg(&interoppb.SumResponse{}))
	}
	if p.ending == endsWithCancel {
		return stream.RecvMsg(&interoppb.SumResponse{})
	}
	reply, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	return equalMessage("reply", reply, want)
}

// makeBidi sends one item after the other, or all at once.
func (p *plan) makeBidi(ctx context.Context, peer *peer) error {
	stream, err := peer.interop.Chat(ctx)
	if err != nil {
		return err
	}
	items := make([]*interoppb.Item, p.IntN(15))
	for i := range items {
		items[i] = &interoppb.Item{Seq: uint64(p.number), Text: fmt.Sprintf("item %d", i), Payload: p.payload()}
	}
	if p.IntN(2) == 0 {
		return cmp.Or(p.sendsAll(stream, items), p.reads(stream, items))
	}
	for i, item := range items {
		if err := stream.Send(item); err != nil {
			return err
		}
		back, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := equalMessage(fmt.Sprintf("item %d", i), back, item); err != nil {
			return err
		}
	}
	return cmp.Or(p.sendsAll(stream, nil), p.reads(stream, nil))
}

// sendsAll sends the items, and then what the call ends with.
func (p *plan) sendsAll(stream interoppb.Interop_ChatClient, items []*interoppb.Item) error {
	if p.ending == endsWithFailure {
		items = append(items[:len(items):len(items)], &interoppb.Item{FailCode: int32(p.code), Text: p.message})
	}
	for _, item := range items {
		if err := stream.Send(item); err != nil {
			return err
		}
	}
	if p.ending == endsWithReply {
		return stream.CloseSend()
	}
	return nil
}

// reads reads to the end, before which the items have to come unless the call is lost or given up.
func (p *plan) reads(stream itemReader, want []*interoppb.Item) error {
	for i := 0; ; i++ {
		item, err := stream.Recv()
		ended := errors.Is(err, io.EOF)
		if (ended || p.isFailure(err)) && i < len(want) {
			return fmt.Errorf("expected %d items, got %d and then %v", len(want), i, err)
		}
		if ended {
			return nil
		}
		if err != nil {
			return err
		}
		if i >= len(want) {
			return fmt.Errorf("expected %d items, got one more", len(want))
		}
		if err := equalMessage(fmt.Sprintf("item %d", i), item, want[i]); err != nil {
			return err
		}
	}
}

// items is how many messages a stream has.
func (p *plan) items() int {
	if p.ending != endsWithReply {
		return p.IntN(abandoned)
	}
	if p.IntN(50) == 0 {
		return p.IntN(2000)
	}
	return p.IntN(40)
}
