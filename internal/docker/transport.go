package docker

import (
	"net/http"

	"github.com/docker/docker/client"
)

// largeReads lets the client read from the engine's socket as much at once as a
// burst of a log has there, instead of 4 KiB.
func largeReads(c *client.Client) error {
	if t, ok := c.HTTPClient().Transport.(*http.Transport); ok {
		t.ReadBufferSize = 32 << 10
	}
	return nil
}
