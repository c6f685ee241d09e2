package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/containerd/ttrpc"

	"interop-peer/interoppb"
	"interop-peer/plainpb"
)

const scenarioLimit = 20 * time.Second

// A scenario gets a connection of its own. Its context has no deadline, since a deadline would go over the wire.
type scenario struct {
	name string
	run  func(context.Context, *net.UnixConn) error
}

var scenarios = []scenario{
	{"echo", calls(echo)},
	{"echo-empty", calls(echoEmpty)},
	{"empty", calls(empty)},
	{"plain", calls(plain)},
	{"several-services", calls(severalServices)},
	{"metadata", calls(metadata)},

	{"deadline-ok", calls(deadlineOK)},
	{"deadline-exceeded", calls(deadlineExceeded)},
	{"deadline-server", frames(deadlineServer)},
	{"cancel", calls(cancel)},

	{"fail-codes", calls(failCodes)},
	{"fail-unknown-code", calls(failUnknownCode)},
	{"fail-details", calls(failDetails)},
	{"fail-plain", calls(failPlain)},
	{"unknown-service", calls(unknownService)},
	{"unknown-method", calls(unknownMethod)},

	{"count", calls(count)},
	{"count-fail", calls(countFail)},
	{"count-empty-item", calls(countEmptyItem)},
	{"from-empty", calls(fromEmpty)},
	{"slow-reader", calls(slowReader)},

	{"sum", calls(sum)},
	{"sum-empty", calls(sumEmpty)},
	{"sum-empty-items", calls(sumEmptyItems)},
	{"sum-fail", calls(sumFail)},
	{"sum-early", calls(sumEarly)},

	{"chat", calls(chat)},
	{"chat-batch", calls(chatBatch)},
	{"chat-empty-items", calls(chatEmptyItems)},
	{"chat-early-end", calls(chatEarlyEnd)},
	{"chat-fail", calls(chatFail)},

	{"request-4mib", calls(request4MiB)},
	{"reply-4mib", calls(reply4MiB)},
	{"request-oversize", frames(requestOversize)},
	{"reply-oversize", calls(replyOversize)},

	{"concurrent-1000", calls(concurrent1000)},
	{"mixed-concurrent", calls(mixedConcurrent)},
	{"half-close", frames(halfClose)},
}

// run returns what went wrong, nil when the scenario went as it should.
func run(s scenario, socket string) error {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return got("a connection", err)
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	timer := time.AfterFunc(scenarioLimit, func() {
		cancel()
		conn.Close()
	})
	err = s.run(ctx, conn.(*net.UnixConn))
	if !timer.Stop() {
		return fmt.Errorf("expected an end within %v, got none: %w", scenarioLimit, err)
	}
	return err
}

// peer is a ttrpc client with both services.
type peer struct {
	*ttrpc.Client
	interop interoppb.InteropClient
	plain   plainpb.PlainService
}

// calls adapts a scenario that goes through the ttrpc client. The connection must work to the end.
func calls(f func(context.Context, *peer) error) func(context.Context, *net.UnixConn) error {
	return func(ctx context.Context, conn *net.UnixConn) error {
		client := ttrpc.NewClient(conn)
		defer client.Close()
		p := &peer{client, interoppb.NewInteropClient(client), plainpb.NewPlainClient(client)}
		if err := f(ctx, p); err != nil {
			return err
		}
		if err := echoes(ctx, p, &interoppb.EchoRequest{Text: "still here?"}); err != nil {
			return fmt.Errorf("on the same connection afterwards: %w", err)
		}
		return nil
	}
}

// frames adapts a scenario that writes and reads frames itself.
func frames(f func(*frameConn) error) func(context.Context, *net.UnixConn) error {
	return func(_ context.Context, conn *net.UnixConn) error {
		return f(&frameConn{conn})
	}
}
