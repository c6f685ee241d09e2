package main

import (
	"context"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"interop-peer/interoppb"
)

const maxBody = 4 << 20

// payloadSize is the size of the payload with which body(payload) encodes to size bytes.
func payloadSize(size int, body func(payload []byte) []byte) int {
	n := size
	for excess := 1; excess != 0; n -= excess {
		excess = len(body(make([]byte, n))) - size
	}
	return n
}

func echoRequestBody(payload []byte) []byte {
	return echoBody(&interoppb.EchoRequest{Payload: payload}, 0)
}

func echoResponseBody(payload []byte) []byte {
	return encode(&ttrpc.Response{Payload: encode(&interoppb.EchoResponse{Payload: payload})})
}

func echoBody(req *interoppb.EchoRequest, timeout time.Duration) []byte {
	return encode(&ttrpc.Request{
		Service: "interop.v1.Interop", Method: "Echo", Payload: encode(req), TimeoutNano: timeout.Nanoseconds(),
	})
}

// encode panics where Marshal fails, which needs text that is not UTF-8.
func encode(message proto.Message) []byte {
	body, err := proto.Marshal(message)
	if err != nil {
		panic(err)
	}
	return body
}

func request4MiB(ctx context.Context, p *peer) error {
	n := payloadSize(maxBody, echoRequestBody)
	return echoes(ctx, p, &interoppb.EchoRequest{Payload: pattern(1, n)})
}

func reply4MiB(ctx context.Context, p *peer) error {
	n := payloadSize(maxBody, echoResponseBody)
	reply, err := p.interop.Echo(ctx, &interoppb.EchoRequest{ReplySize: uint32(n)})
	if err != nil {
		return got("a reply to Echo", err)
	}
	return equalBytes("payload", reply.Payload, pattern(0, n))
}

// replyOversize asks for a payload that leaves no room for the envelope around it.
func replyOversize(ctx context.Context, p *peer) error {
	_, err := p.interop.Echo(ctx, &interoppb.EchoRequest{ReplySize: maxBody})
	return failsWithCode(err, codes.ResourceExhausted)
}
