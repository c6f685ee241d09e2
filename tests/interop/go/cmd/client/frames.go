package main

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"interop-peer/interoppb"
)

const (
	requestType  = 1
	responseType = 2
)

// frameConn sends Requests and reads Responses by hand.
type frameConn struct {
	*net.UnixConn
}

func (c *frameConn) request(id uint32, body []byte) error {
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	frame = binary.BigEndian.AppendUint32(frame, id)
	frame = append(frame, requestType, 0)
	if _, err := c.Write(append(frame, body...)); err != nil {
		return got(fmt.Sprintf("Request %d to be sent", id), err)
	}
	return nil
}

// response reads the next frame, which must be the Response to id.
func (c *frameConn) response(id uint32) (*ttrpc.Response, error) {
	expected := fmt.Sprintf("a Response to %d", id)
	var header [10]byte
	if _, err := io.ReadFull(c, header[:]); err != nil {
		return nil, got(expected, err)
	}
	body := make([]byte, binary.BigEndian.Uint32(header[:]))
	if _, err := io.ReadFull(c, body); err != nil {
		return nil, got(expected, err)
	}
	if stream, kind := binary.BigEndian.Uint32(header[4:]), header[8]; stream != id || kind != responseType {
		return nil, fmt.Errorf("expected %s, got a frame of type %d on stream %d", expected, kind, stream)
	}
	reply := &ttrpc.Response{}
	if err := proto.Unmarshal(body, reply); err != nil {
		return nil, got(expected, err)
	}
	return reply, nil
}

// refuses expects the Response to id to be an error.
func (c *frameConn) refuses(id uint32, code codes.Code, message string) error {
	reply, err := c.response(id)
	if err != nil {
		return err
	}
	return cmp.Or(
		equal("code", reply.Status.GetCode(), int32(code)),
		equal("message", reply.Status.GetMessage(), message),
	)
}

// echoes expects the Response to id to be the answer to an Echo of text.
func (c *frameConn) echoes(id uint32, text string) error {
	reply, err := c.response(id)
	if err != nil {
		return err
	}
	if reply.Status.GetCode() != 0 {
		return fmt.Errorf("expected a reply on stream %d, got {%v}", id, reply.Status)
	}
	echo := &interoppb.EchoResponse{}
	if err := proto.Unmarshal(reply.Payload, echo); err != nil {
		return got("an EchoResponse", err)
	}
	return equal("text", echo.Text, text)
}

func echoText(text string, delay time.Duration) []byte {
	return echoBody(&interoppb.EchoRequest{Text: text, DelayMs: uint32(delay.Milliseconds())}, 0)
}

// deadlineServer leaves the clock to the server.
func deadlineServer(c *frameConn) error {
	start := time.Now()
	body := echoBody(&interoppb.EchoRequest{DelayMs: 2000}, 50*time.Millisecond)
	if err := c.request(1, body); err != nil {
		return err
	}
	if err := c.refuses(1, codes.DeadlineExceeded, "context deadline exceeded"); err != nil {
		return err
	}
	return endsBefore(start, time.Second)
}

func requestOversize(c *frameConn) error {
	n := payloadSize(maxBody+1, echoRequestBody)
	if err := c.request(1, echoRequestBody(pattern(0, n))); err != nil {
		return err
	}
	err := c.refuses(1, codes.ResourceExhausted, "message length 4194305 exceed maximum message size of 4194304")
	if err != nil {
		return err
	}
	if err := c.request(3, echoText("still here?", 0)); err != nil {
		return err
	}
	return c.echoes(3, "still here?")
}

// halfClose ends its writing side while calls are still running.
func halfClose(c *frameConn) error {
	if err := cmp.Or(
		c.request(1, echoText("soon", 100*time.Millisecond)),
		c.request(3, echoText("later", 300*time.Millisecond)),
		c.CloseWrite(),
	); err != nil {
		return err
	}
	if err := c.echoes(1, "soon"); err != nil {
		return err
	}
	if err := c.echoes(3, "later"); err != nil {
		return err
	}
	if n, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("expected the end of the stream, got %d bytes, error %v", n, err)
	}
	return nil
}
