package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// ends of a call: its reply, a failure of its handler, its context cancelled, its deadline.
const (
	endsWithReply    = "reply"
	endsWithFailure  = "failure"
	endsWithCancel   = "cancel"
	endsWithDeadline = "deadline"
)

// A plan says how one call is to go; it is always the same for the same seed and number.
type plan struct {
	*rand.Rand
	number  int
	kind    string
	ending  string
	code    codes.Code
	message string
}

var kinds = []string{"unary", "unary", "server stream", "client stream", "bidi"}

func planCall(random *rand.Rand, number int) *plan {
	p := &plan{Rand: random, number: number, ending: endsWithReply}
	p.kind = kinds[p.IntN(len(kinds))]
	p.code, p.message = codes.Code(1+p.IntN(16)), fmt.Sprintf("call %d is to fail", number)
	switch n := p.IntN(100); {
	case n < 5:
		p.ending = endsWithFailure
	case n < 10:
		p.ending = endsWithCancel
	case n < 15 && p.kind == "unary":
		// This client sends no timeout with streams (PROTOCOL.md P5).
		p.ending = endsWithDeadline
	}
	return p
}

// size of a payload: mostly small, at times none, rarely up to 1 MiB.
func (p *plan) size() int {
	switch n := p.IntN(3000); {
	case n < 300:
		return 0
	case n < 310:
		return p.IntN(1<<20 + 1)
	case n < 450:
		return p.IntN(1<<16 + 1)
	}
	return p.IntN(300)
}

func (p *plan) payload() []byte {
	return pattern(p.number, p.size())
}

// bounds gives the call its deadline, or cancels it after a moment.
func (p *plan) bounds(ctx context.Context) (context.Context, context.CancelFunc) {
	moment := time.Duration(p.IntN(5)) * time.Millisecond
	switch p.ending {
	case endsWithDeadline:
		return context.WithTimeout(ctx, time.Millisecond+moment)
	case endsWithCancel:
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(moment, cancel)
		return ctx, cancel
	}
	return context.WithCancel(ctx)
}

// judge names the way in which a call has ended, or says why it should not have ended so.
func (p *plan) judge(err error, disturbed bool) (outcome string, wrong error) {
	st, isStatus := status.FromError(err)
	switch {
	case err == nil && (p.ending == endsWithReply || p.ending == endsWithCancel):
		return "answered", nil
	case p.isFailure(err):
		return "failed as asked", nil
	case p.ending == endsWithCancel && errors.Is(err, context.Canceled):
		return "given up by signal", nil
	case p.ending == endsWithDeadline && errors.Is(err, context.DeadlineExceeded),
		p.ending == endsWithDeadline && isStatus && st.Code() == codes.DeadlineExceeded:
		return "deadline passed", nil
	case disturbed && isLoss(err):
		return "connection lost", nil
	case disturbed && isStatus && st.Code() == codes.Unavailable && st.Message() == "Server is shutting down":
		return "server shutting down", nil
	}
	return "", fmt.Errorf("a %s call was to end with %s (disturbed: %v), got %w", p.kind, p.ending, disturbed, err)
}

// isFailure tells whether the handler has failed as it was asked to.
func (p *plan) isFailure(err error) bool {
	st, isStatus := status.FromError(err)
	return p.ending == endsWithFailure && isStatus && st.Code() == p.code && st.Message() == p.message
}

// isLoss tells whether an error is that of a connection that has ended.
func isLoss(err error) bool {
	return errors.Is(err, ttrpc.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
}
