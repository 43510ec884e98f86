// Command naive is the hub most people write with Fiber: a map of clients, a
// buffered channel and a goroutine for each, one write for each message.
//
//	GET /ws        WebSocket, a message for each event
//	GET /events    Server-Sent Events
//	POST /publish  each line of the body is an event
//	GET /readyz    200
//
// It is what the hub is compared with, so it is written as well as that design
// allows: one copy of a body for all readers, and a reader that falls a full
// channel behind loses events instead of holding the others up.
package main

import (
	"bytes"
	"flag"
	"log"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8101", "`address` to listen on")
	flag.Parse()
	log.Fatal(newApp(newHub()).Listen(*listen))
}

func newApp(h *hub) *fiber.App {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/readyz", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusOK) })
	app.Get("/ws", websocket.New(h.serveWebSocket))
	app.Get("/events", h.serveEvents)
	app.Post("/publish", func(c *fiber.Ctx) error {
		body := bytes.Clone(c.Body()) // Fiber uses its own again after this request
		for line := range bytes.Lines(body) {
			h.publish(bytes.TrimRight(line, "\r\n"))
		}
		return c.SendStatus(fiber.StatusNoContent)
	})
	return app
}
