package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// got says that something else than the expected outcome came as an error.
func got(expected string, err error) error {
	return fmt.Errorf("expected %s, got %w", expected, err)
}

func equal[T comparable](what string, got, want T) error {
	if got == want {
		return nil
	}
	return fmt.Errorf("expected %s %s, got %s", what, show(want), show(got))
}

func show(v any) string {
	if text, ok := v.(string); ok {
		return strconv.Quote(text)
	}
	return fmt.Sprint(v)
}

func equalBytes(what string, got, want []byte) error {
	if bytes.Equal(got, want) {
		return nil
	}
	if len(got) != len(want) {
		return fmt.Errorf("expected %s of %d bytes, got %d bytes", what, len(want), len(got))
	}
	i := 0
	for got[i] == want[i] {
		i++
	}
	return fmt.Errorf("expected %s with byte %d = %#02x, got %#02x", what, i, want[i], got[i])
}

func equalMessage(what string, got, want proto.Message) error {
	if proto.Equal(got, want) {
		return nil
	}
	return fmt.Errorf("expected %s {%v}, got {%v}", what, want, got)
}

// failsWith expects a call to have failed with code and message.
func failsWith(err error, code codes.Code, message string) error {
	if err := failsWithCode(err, code); err != nil {
		return err
	}
	return equal("message", statusOf(err).Message, message)
}

func failsWithCode(err error, code codes.Code) error {
	if err == nil {
		return fmt.Errorf("expected code %d, got success", code)
	}
	st := statusOf(err)
	if st == nil {
		return got(fmt.Sprintf("code %d", code), err)
	}
	if st.Code != int32(code) {
		return fmt.Errorf("expected code %d, got code %d %q", code, st.Code, st.Message)
	}
	return nil
}

// statusOf is the status a call failed with, nil for an error that is none; a context's own errors have one too.
func statusOf(err error) *spb.Status {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return status.FromContextError(err).Proto()
	}
	if st, ok := status.FromError(err); ok {
		return st.Proto()
	}
	return nil
}

// inParallel runs f(0) to f(n-1) side by side and returns the first error in that order.
func inParallel(n int, f func(i int) error) error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("call %d of %d: %w", i, n, err)
		}
	}
	return nil
}
