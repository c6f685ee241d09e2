// Command server serves bench.v1.Bench on a unix socket until its stdin ends.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"

	"github.com/containerd/ttrpc"

	bench "bench-peer"
	"bench-peer/benchpb"
)

func main() {
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server, err := ttrpc.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	benchpb.RegisterBenchService(server, service{})
	go func() { log.Fatal(server.Serve(context.Background(), listener)) }()
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
}

type service struct{}

func (service) Echo(_ context.Context, payload *benchpb.Payload) (*benchpb.Payload, error) {
	return payload, nil
}

func (service) Download(_ context.Context, req *benchpb.DownloadRequest, out benchpb.Bench_DownloadServer) error {
	payloads := bench.PayloadsOf(int(req.Size))
	for n := range int(req.Count) {
		if err := out.Send(&benchpb.Payload{Data: payloads.At(n)}); err != nil {
			return err
		}
	}
	return nil
}

func (service) Upload(_ context.Context, in benchpb.Bench_UploadServer) (*benchpb.UploadReply, error) {
	var check bench.MessageCheck
	for {
		payload, err := in.Recv()
		if errors.Is(err, io.EOF) {
			return &benchpb.UploadReply{Count: uint32(check.Count)}, nil
		}
		if err != nil {
			return nil, err
		}
		if err := check.Next(payload.Data); err != nil {
			return nil, err
		}
	}
}

func (service) Exchange(_ context.Context, stream benchpb.Bench_ExchangeServer) error {
	for {
		payload, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(payload); err != nil {
			return err
		}
	}
}
