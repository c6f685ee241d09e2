package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"

	"interop-peer/interoppb"
	"interop-peer/plainpb"
)

const unicodeText = "hello, żółw 🐢\x00\n"

// echoes makes an Echo call, whose answer must be the request's text and payload, with no metadata and no timeout.
func echoes(ctx context.Context, p *peer, req *interoppb.EchoRequest) error {
	reply, err := p.interop.Echo(ctx, req)
	if err != nil {
		return got("a reply to Echo", err)
	}
	return cmp.Or(
		equalBytes("payload", reply.Payload, req.Payload),
		equal("text", reply.Text, req.Text),
		equal("number of metadata pairs", len(reply.Metadata), 0),
		equal("timeout_nano", reply.TimeoutNano, 0),
	)
}

func repeats(ctx context.Context, p *peer, text string) error {
	reply, err := p.plain.Repeat(ctx, &plainpb.PlainText{Text: text})
	if err != nil {
		return got("a reply to Repeat", err)
	}
	return equal("text", reply.Text, text)
}

func echo(ctx context.Context, p *peer) error {
	return echoes(ctx, p, &interoppb.EchoRequest{Payload: pattern(0, 1000), Text: unicodeText})
}

func echoEmpty(ctx context.Context, p *peer) error {
	return echoes(ctx, p, &interoppb.EchoRequest{})
}

func empty(ctx context.Context, p *peer) error {
	reply, err := p.interop.Empty(ctx, &emptypb.Empty{})
	if err != nil {
		return got("a reply to Empty", err)
	}
	return equalMessage("reply", reply, &emptypb.Empty{})
}

func plain(ctx context.Context, p *peer) error {
	if err := repeats(ctx, p, unicodeText); err != nil {
		return err
	}
	return repeats(ctx, p, "")
}

func severalServices(ctx context.Context, p *peer) error {
	return inParallel(20, func(i int) error {
		text := fmt.Sprintf("call %d", i)
		if i%2 == 0 {
			return repeats(ctx, p, text)
		}
		return echoes(ctx, p, &interoppb.EchoRequest{Text: text})
	})
}

func metadata(ctx context.Context, p *peer) error {
	md := ttrpc.MD{}
	md.Append("X-Multi", "first", "second")
	md.Append("x-multi", "third", "first")
	md.Append("One", "1")
	md.Append("blank", "")
	md.Append("unicode", "żółw 🐢")
	want := []*interoppb.Pair{
		{Key: "blank", Value: ""},
		{Key: "one", Value: "1"},
		{Key: "unicode", Value: "żółw 🐢"},
		{Key: "x-multi", Value: "first"},
		{Key: "x-multi", Value: "second"},
		{Key: "x-multi", Value: "third"},
		{Key: "x-multi", Value: "first"},
	}
	reply, err := p.interop.Echo(ttrpc.WithMetadata(ctx, md), &interoppb.EchoRequest{})
	if err != nil {
		return got("a reply to Echo", err)
	}
	return equalMessage("reply", reply, &interoppb.EchoResponse{Metadata: want})
}

func deadlineOK(ctx context.Context, p *peer) error {
	const timeout = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	reply, err := p.interop.Echo(ctx, &interoppb.EchoRequest{Text: "in time", DelayMs: 100})
	if err != nil {
		return got("a reply to Echo", err)
	}
	if left := time.Duration(reply.TimeoutNano); left < timeout-2*time.Second || left > timeout {
		return fmt.Errorf("expected timeout_nano to be between 3s and 5s, got %v", left)
	}
	return equal("text", reply.Text, "in time")
}

func deadlineExceeded(ctx context.Context, p *peer) error {
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := p.interop.Echo(ctx, &interoppb.EchoRequest{DelayMs: 2000})
	return cmp.Or(
		failsWith(err, codes.DeadlineExceeded, "context deadline exceeded"),
		endsBefore(start, time.Second),
	)
}

// cancel has a second call running when the answer to the cancelled one comes.
func cancel(ctx context.Context, p *peer) error {
	short, cancel := context.WithCancel(ctx)
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	_, err := p.interop.Echo(short, &interoppb.EchoRequest{Text: "late", DelayMs: 1000})
	if err := cmp.Or(
		failsWith(err, codes.Canceled, "context canceled"),
		endsBefore(start, 500*time.Millisecond),
	); err != nil {
		return err
	}
	return echoes(ctx, p, &interoppb.EchoRequest{Text: "meanwhile", DelayMs: 1200})
}

func endsBefore(start time.Time, limit time.Duration) error {
	if took := time.Since(start); took > limit {
		return fmt.Errorf("expected an end within %v, got one after %v", limit, took)
	}
	return nil
}

// pattern is size bytes, byte i = (first + i) & 0xff.
func pattern(first, size int) []byte {
	p := make([]byte, size)
	for i := range p {
		p[i] = byte(first + i)
	}
	return p
}
