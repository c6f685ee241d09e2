package main

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"interop-peer/interoppb"
)

func (s *interopService) Count(ctx context.Context, req *interoppb.CountRequest, out interoppb.Interop_CountServer) (err error) {
	defer s.stats.enter(ctx, &err)()
	left := timeoutLeft(ctx)
	for seq := uint32(0); ; seq++ {
		if req.FailCode != 0 && seq == req.FailAfter {
			return failure(req.FailCode, req.FailMessage)
		}
		if seq == req.N {
			return nil
		}
		if err := wait(ctx, req.DelayMs); err != nil {
			return err
		}
		item := &interoppb.Item{Seq: uint64(seq), Payload: pattern(seq, req.PayloadSize)}
		if req.Report && seq == 0 {
			item.Metadata, item.TimeoutNano = metadata(ctx), left
		}
		if err := out.Send(item); err != nil {
			return err
		}
	}
}

func (s *interopService) FromEmpty(ctx context.Context, _ *emptypb.Empty, out interoppb.Interop_FromEmptyServer) (err error) {
	defer s.stats.enter(ctx, &err)()
	for i, text := range []string{"one", "two", "three"} {
		if err := out.Send(&interoppb.Item{Seq: uint64(i + 1), Text: text}); err != nil {
			return err
		}
	}
	return nil
}

func (s *interopService) Sum(ctx context.Context, in interoppb.Interop_SumServer) (reply *interoppb.SumResponse, err error) {
	defer s.stats.enter(ctx, &err)()
	reply = &interoppb.SumResponse{}
	for {
		number, err := in.Recv()
		if errors.Is(err, io.EOF) {
			return reply, nil
		}
		if err != nil {
			return nil, err
		}
		if err := wait(ctx, number.DelayMs); err != nil {
			return nil, err
		}
		if number.FailCode != 0 {
			return nil, failure(number.FailCode, number.FailMessage)
		}
		reply.Sum += number.Value
		reply.Count++
		reply.Bytes += uint64(len(number.Payload))
		if number.End {
			return reply, nil
		}
	}
}

func (s *interopService) Chat(ctx context.Context, stream interoppb.Interop_ChatServer) (err error) {
	defer s.stats.enter(ctx, &err)()
	left := timeoutLeft(ctx)
	var held []*interoppb.Item
	for {
		item, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := wait(ctx, item.DelayMs); err != nil {
			return err
		}
		if item.FailCode != 0 {
			return failure(item.FailCode, item.Text)
		}
		if item.Report {
			item.Metadata, item.TimeoutNano = metadata(ctx), left
		}
		if item.Hold {
			held = append(held, item)
			continue
		}
		if err := stream.Send(item); err != nil {
			return err
		}
		if item.End {
			return nil
		}
	}
	for _, item := range held {
		if err := stream.Send(item); err != nil {
			return err
		}
	}
	return nil
}

func failure(code int32, message string) error {
	return status.Error(codes.Code(code), message)
}
