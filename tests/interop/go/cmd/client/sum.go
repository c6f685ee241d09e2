package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"

	"interop-peer/interoppb"
)

// upload opens a Sum stream and sends the numbers, without closing this half.
func upload(ctx context.Context, p *peer, numbers ...*interoppb.Number) (interoppb.Interop_SumClient, error) {
	stream, err := p.interop.Sum(ctx)
	if err != nil {
		return nil, got("a Sum stream", err)
	}
	for i, number := range numbers {
		if err := stream.Send(number); err != nil {
			return nil, fmt.Errorf("expected number %d to be sent, got %w", i, err)
		}
	}
	return stream, nil
}

// sums uploads the numbers to the end and expects the answer.
func sums(ctx context.Context, p *peer, numbers []*interoppb.Number, want *interoppb.SumResponse) error {
	stream, err := upload(ctx, p, numbers...)
	if err != nil {
		return err
	}
	reply, err := stream.CloseAndRecv()
	if err != nil {
		return got("a reply to Sum", err)
	}
	return equalMessage("reply", reply, want)
}

// sumsUpTo uploads 1 to n, each with ten bytes of payload.
func sumsUpTo(ctx context.Context, p *peer, n int) error {
	var numbers []*interoppb.Number
	for i := range n {
		numbers = append(numbers, &interoppb.Number{Value: int64(i + 1), Payload: pattern(i, 10)})
	}
	want := &interoppb.SumResponse{Sum: int64(n * (n + 1) / 2), Count: uint64(n), Bytes: uint64(10 * n)}
	return sums(ctx, p, numbers, want)
}

func sum(ctx context.Context, p *peer) error {
	if err := sumsUpTo(ctx, p, 1000); err != nil {
		return err
	}
	negative := []*interoppb.Number{{Value: 1}, {Value: -3}}
	return sums(ctx, p, negative, &interoppb.SumResponse{Sum: -2, Count: 2})
}

func sumEmpty(ctx context.Context, p *peer) error {
	return sums(ctx, p, nil, &interoppb.SumResponse{})
}

func sumEmptyItems(ctx context.Context, p *peer) error {
	numbers := []*interoppb.Number{{}, {Value: 7}, {}, {}}
	if err := sums(ctx, p, numbers, &interoppb.SumResponse{Sum: 7, Count: 4}); err != nil {
		return err
	}
	return sums(ctx, p, numbers[:1], &interoppb.SumResponse{Count: 1})
}

// sumFail never closes its half: the failure must come by itself.
func sumFail(ctx context.Context, p *peer) error {
	stream, err := upload(ctx, p,
		&interoppb.Number{Value: 1},
		&interoppb.Number{FailCode: int32(codes.OutOfRange), FailMessage: "too much"},
	)
	if err != nil {
		return err
	}
	return failsWith(stream.RecvMsg(&interoppb.SumResponse{}), codes.OutOfRange, "too much")
}

// sumEarly never closes its half: the answer must come by itself.
func sumEarly(ctx context.Context, p *peer) error {
	stream, err := upload(ctx, p, &interoppb.Number{Value: 1}, &interoppb.Number{Value: 2, End: true})
	if err != nil {
		return err
	}
	reply := &interoppb.SumResponse{}
	if err := stream.RecvMsg(reply); err != nil {
		return got("a reply to Sum", err)
	}
	return equalMessage("reply", reply, &interoppb.SumResponse{Sum: 3, Count: 2})
}
