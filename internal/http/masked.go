package http

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"hub/internal/mask"
)

// asItIs is the key of a mark at a request whose answer is sent byte for byte.
type asItIs struct{}

// withoutSecrets takes them out of every answer that is JSON; what streams and
// pages show was masked when it was published. Sent as they are: the files of the
// program, and what must give true bytes back, which is fs/read, and what is no
// JSON: fs/download and the archives of images.
func withoutSecrets(secrets *mask.Set) fiber.Handler {
	return func(c *fiber.Ctx) error {
		err := c.Next()
		answer := c.Response()
		if secrets.Empty() || answer.IsBodyStream() || c.Locals(asItIs{}) != nil ||
			!bytes.HasPrefix(answer.Header.ContentType(), []byte(fiber.MIMEApplicationJSON)) {
			return err
		}
		body := answer.Body()
		if masked := secrets.JSON(body); len(masked) > 0 && &masked[0] != &body[0] {
			answer.SetBodyRaw(masked)
		}
		return err
	}
}
