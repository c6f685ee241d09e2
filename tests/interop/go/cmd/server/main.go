// Command server serves interop.v1.Interop and Plain on a unix socket until its stdin ends.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/containerd/ttrpc"

	"interop-peer/interoppb"
	"interop-peer/plainpb"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: server SOCKET")
		os.Exit(2)
	}
	if err := serve(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func serve(socket string) error {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server, err := ttrpc.NewServer()
	if err != nil {
		return err
	}
	defer server.Close()
	interoppb.RegisterInteropService(server, &interopService{})
	plainpb.RegisterPlainService(server, plainService{})

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(context.Background(), listener) }()
	fmt.Println("ready")

	parentGone := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(parentGone)
	}()

	select {
	case err := <-failed:
		return err
	case <-parentGone:
		return nil
	}
}
