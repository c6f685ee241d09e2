package main

import (
	"context"
	"errors"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"

	"interop-peer/interoppb"
	"interop-peer/plainpb"
)

type interopService struct {
	stats stats
}

func (s *interopService) Echo(ctx context.Context, req *interoppb.EchoRequest) (reply *interoppb.EchoResponse, err error) {
	defer s.stats.enter(ctx, &err)()
	reply = &interoppb.EchoResponse{Payload: req.Payload, Text: req.Text}
	if !req.Plain {
		reply.Metadata, reply.TimeoutNano = metadata(ctx), timeoutLeft(ctx)
	}
	if req.ReplySize != 0 {
		reply.Payload = pattern(0, req.ReplySize)
	}
	if err := wait(ctx, req.DelayMs); err != nil {
		return nil, err
	}
	return reply, nil
}

func (s *interopService) Fail(ctx context.Context, req *interoppb.FailRequest) (reply *emptypb.Empty, err error) {
	defer s.stats.enter(ctx, &err)()
	if req.WithoutStatus {
		return nil, errors.New(req.Message)
	}
	st := &spb.Status{Code: req.Code, Message: req.Message}
	if req.Detail != nil {
		st.Details = []*anypb.Any{req.Detail}
	}
	return &emptypb.Empty{}, status.ErrorProto(st)
}

func (s *interopService) Empty(ctx context.Context, _ *emptypb.Empty) (reply *emptypb.Empty, err error) {
	defer s.stats.enter(ctx, &err)()
	return &emptypb.Empty{}, nil
}

// Stats is not counted itself.
func (s *interopService) Stats(context.Context, *emptypb.Empty) (*interoppb.StatsResponse, error) {
	return s.stats.report(), nil
}

type plainService struct{}

func (plainService) Repeat(_ context.Context, text *plainpb.PlainText) (*plainpb.PlainText, error) {
	return text, nil
}
