package main

import (
	"bufio"
	"fmt"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
)

// serveWebSocket reads until the peer goes away, which is how its leaving is
// noticed, while a goroutine writes.
func (h *hub) serveWebSocket(conn *websocket.Conn) {
	c := h.join()
	written := make(chan struct{})
	go func() {
		defer close(written)
		for message := range c {
			if conn.WriteMessage(websocket.TextMessage, message) != nil {
				return
			}
		}
	}()
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			break
		}
	}
	h.leave(c)
	<-written // the connection is given to another client after this returns
}

func (h *hub) serveEvents(ctx *fiber.Ctx) error {
	ctx.Set(fiber.HeaderContentType, "text/event-stream")
	ctx.Set(fiber.HeaderCacheControl, "no-cache")
	ctx.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		c := h.join()
		defer h.leave(c)
		fmt.Fprint(w, ": open\n\n")
		if w.Flush() != nil {
			return
		}
		for message := range c {
			fmt.Fprintf(w, "data: %s\n\n", message)
			if w.Flush() != nil {
				return
			}
		}
	})
	return nil
}
