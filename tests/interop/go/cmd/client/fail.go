package main

import (
	"cmp"
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/anypb"

	"interop-peer/interoppb"
)

func fails(ctx context.Context, p *peer, code codes.Code, message string) error {
	_, err := p.interop.Fail(ctx, &interoppb.FailRequest{Code: int32(code), Message: message})
	return failsWith(err, code, message)
}

func failCodes(ctx context.Context, p *peer) error {
	for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
		if err := fails(ctx, p, code, fmt.Sprintf("code %d: nie działa", code)); err != nil {
			return fmt.Errorf("Fail with code %d: %w", code, err)
		}
	}
	return fails(ctx, p, codes.NotFound, "")
}

func failUnknownCode(ctx context.Context, p *peer) error {
	return fails(ctx, p, 4711, "a code of our own")
}

// failDetails sends bytes that are no protobuf message: nobody on the way may look inside.
func failDetails(ctx context.Context, p *peer) error {
	detail := &anypb.Any{TypeUrl: "type.example/interop.v1.Unheard", Value: pattern(0xf0, 300)}
	_, err := p.interop.Fail(ctx, &interoppb.FailRequest{
		Code: int32(codes.FailedPrecondition), Message: "see details", Detail: detail,
	})
	if err := failsWith(err, codes.FailedPrecondition, "see details"); err != nil {
		return err
	}
	details := statusOf(err).Details
	if len(details) != 1 {
		return fmt.Errorf("expected 1 detail, got %d", len(details))
	}
	return cmp.Or(
		equal("type URL", details[0].TypeUrl, detail.TypeUrl),
		equalBytes("detail", details[0].Value, detail.Value),
	)
}

func failPlain(ctx context.Context, p *peer) error {
	_, err := p.interop.Fail(ctx, &interoppb.FailRequest{Message: "just an error", WithoutStatus: true})
	return failsWith(err, codes.Unknown, "just an error")
}

func unknownService(ctx context.Context, p *peer) error {
	err := p.Call(ctx, "interop.v1.Nobody", "Echo", &interoppb.EchoRequest{}, &interoppb.EchoResponse{})
	return failsWith(err, codes.Unimplemented, "service interop.v1.Nobody")
}

func unknownMethod(ctx context.Context, p *peer) error {
	err := p.Call(ctx, "interop.v1.Interop", "Nothing", &interoppb.EchoRequest{}, &interoppb.EchoResponse{})
	return failsWith(err, codes.Unimplemented, "method Nothing")
}
