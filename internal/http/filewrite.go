package http

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// writeLimit is of a body of fs/write: the longest content there may be, in base64
// or with every third character escaped.
const writeLimit = 32 << 20

// writeFileBody is the body of fs/write.
type writeFileBody struct {
	pathBody
	Content string      `json:"content" check:"required" description:"text, or base64"`
	Base64  bool        `json:"base64" description:"whether content is base64"`
	Mode    permissions `json:"mode" types:"string" description:"default 420, which is 0644; a number, or octal as a text such as \"0644\". The permissions of it count"`
}

// written is the answer of fs/write.
type written struct {
	Path    string `json:"path"`
	Written bool   `json:"written"`
	Bytes   int    `json:"bytes"`
}

var writeFileDoc = operation{
	more: "At most 16 MiB of content, beyond that a 413. The folder must be there. A file that is there is replaced and keeps its owner; " +
		"a link is replaced, never written through. Works in a container that does not run, too.",
	takes: writeFileBody{examplePath, exampleText, false, 0o644}, gives: written{examplePath.Path, true, 6},
	fails: []int{404, 409},
}

// permissions are a mode as JSON: a number, or a text of octal digits.
type permissions uint32

// UnmarshalJSON reads either.
func (p *permissions) UnmarshalJSON(b []byte) error {
	var text string
	base := 10
	if json.Unmarshal(b, &text) == nil {
		base = 8
	} else {
		text = string(b)
	}
	n, err := strconv.ParseUint(text, base, 32)
	*p = permissions(n)
	return err
}

// writeFile is POST /docker/container/fs/write.
func (s *Server) writeFile(c *fiber.Ctx) error {
	body := writeFileBody{Mode: 0o644}
	if err := s.decodeSlow(c, &body, writeLimit); err != nil {
		return err
	}
	content := []byte(body.Content)
	if body.Base64 {
		var err error
		if content, err = base64.StdEncoding.DecodeString(body.Content); err != nil {
			return unprocessable(fault{[]any{"body", "content"}, "it is not base64: " + err.Error(), "value_error"})
		}
	}
	_, err := askEngine(s, fileTime, func(ctx context.Context, e *docker.Engine) (any, error) {
		return nil, e.WriteFile(ctx, body.Container, body.Path, content, fs.FileMode(body.Mode))
	})
	if err != nil {
		return err
	}
	return c.JSON(written{body.Path, true, len(content)})
}

// decodeSlow is decodeUpTo for a body that may take as long as it goes on arriving.
func (s *Server) decodeSlow(c *fiber.Ctx, into any, limit int) error {
	if c.Request().Header.ContentLength() > limit {
		return tooLarge("the body is over %d bytes", limit)
	}
	in, done, err := s.steadyBody(c)
	if err != nil {
		return err
	}
	defer done()
	body, err := io.ReadAll(io.LimitReader(in, int64(limit)+1))
	switch {
	case err != nil:
		return err
	case len(body) > limit:
		return tooLarge("the body is over %d bytes", limit)
	}
	return decodeBody(body, into)
}

// errNoBody is of a request without one.
var errNoBody = unprocessable(fault{[]any{"body"}, "field required", "value_error.missing"})

// inQuery is an error of the engine's about a field that came in the query.
func inQuery(err error) error {
	var engine *docker.Error
	if errors.As(err, &engine) && slices.Contains([]string{"path", "id_or_name", "cmd", "workdir", "env", "user"}, engine.Field) {
		return unprocessable(fault{[]any{"query", engine.Field}, err.Error(), "value_error"})
	}
	return err
}
