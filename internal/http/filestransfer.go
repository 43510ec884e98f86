package http

import (
	"context"
	"io"
	"log/slog"
	"mime"
	nethttp "net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// mimeTar is the type of a tar.
const mimeTar = "application/x-tar"

// mostAfterTar is how much may stand behind the end of a tar; tar itself fills
// its last block of 10 KiB.
const mostAfterTar = 1 << 20

// uploaded is the answer of fs/upload.
type uploaded struct {
	Path     string `json:"path"`
	Uploaded bool   `json:"uploaded"`
	Entries  int    `json:"entries" description:"files, folders and links"`
	Bytes    int64  `json:"bytes" description:"of files"`
}

var whichPath = []parameter{
	{"id_or_name", "web", "The container."},
	{"path", "/srv/site", "Absolute, in the container."},
}

var (
	downloadDoc = operation{
		more: "The tar begins with the path itself, and all is below its last name. A link at the path itself is followed, links below are kept; " +
			"devices, pipes and sockets are left out. A download that breaks off ends without the last chunk. " +
			"The engine holds the container meanwhile: it can be neither stopped nor inspected, so a client that takes nothing for a minute is cut off.",
		query: whichPath, needs: []string{"id_or_name", "path"},
		also:  []answer{{nethttp.StatusOK, mimeTar, "A tar.", "site/\u0000…"}},
		fails: []int{400, 404, 409, 422},
	}
	uploadDoc = operation{
		more: "The body is a tar, not compressed, and is unpacked in the folder while it comes, with its owners, permissions and times; there is no limit to its size. " +
			"Files that are in the way are replaced, folders stay. Nothing leaves the folder: an entry with an absolute name or `..`, one behind a link, " +
			"a device, a pipe or a sparse file is a 422 that names it. What came before an error stays.",
		query: whichPath, needs: []string{"id_or_name", "path"},
		sends: []answer{{kind: mimeTar, example: "site/\u0000…"}},
		gives: uploaded{"/srv/site", true, 12, 34567},
		fails: []int{404, 409, 413, 422},
	}
)

// queryPath is the container and the path of a query.
func queryPath(c *fiber.Ctx) (container, path string, err error) {
	q, err := parseQuery(c, []string{"id_or_name", "path"})
	if err != nil {
		return "", "", err
	}
	var wrong faults
	for _, name := range []string{"id_or_name", "path"} {
		if !q.Has(name) {
			wrong.missing([]any{"query", name})
		}
	}
	if len(wrong) > 0 {
		return "", "", unprocessable(wrong...)
	}
	return q.Get("id_or_name"), q.Get("path"), nil
}

// downloadFiles is GET /docker/container/fs/download.
func (s *Server) downloadFiles(c *fiber.Ctx) error {
	container, path, err := queryPath(c)
	if err != nil {
		return err
	}
	e, err := s.engine()
	if err != nil {
		return err
	}
	ctx, cancel := s.untilClosing()
	d, err := e.DownloadFiles(ctx, container, path)
	if err != nil {
		cancel()
		return inQuery(err)
	}
	c.Set(fiber.HeaderContentType, mimeTar)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": tarName(d)}))
	c.Set(fiber.HeaderCacheControl, "no-store, no-transform")
	c.Context().SetBodyStream(&telling{d, s.log, cancel}, -1)
	return nil
}

// tarName is what a browser saves a download as.
func tarName(d *docker.Download) string {
	if d.Name == "." {
		return d.Container + ".tar"
	}
	return d.Container + "-" + strings.TrimLeft(d.Name, ".") + ".tar"
}

// telling logs why a download breaks off. Its client cannot be told: the status
// has been sent, and all it sees is that the end is missing.
type telling struct {
	*docker.Download
	log    *slog.Logger
	cancel func()
}

func (t *telling) Close() error {
	defer t.cancel()
	return t.Download.Close()
}

func (t *telling) Read(p []byte) (int, error) {
	n, err := t.Download.Read(p)
	if err != nil && err != io.EOF {
		t.log.Warn("a download broke off", "container", t.Container, "error", err)
	}
	return n, err
}

// uploadFiles is POST /docker/container/fs/upload.
func (s *Server) uploadFiles(c *fiber.Ctx) error {
	container, path, err := queryPath(c)
	if err != nil {
		return err
	}
	e, err := s.engine()
	if err != nil {
		return err
	}
	in, done, err := s.steadyBody(c)
	if err != nil {
		return err
	}
	defer done()
	if c.Context().RequestBodyStream() == nil || c.Request().Header.ContentLength() == 0 {
		return errNoBody
	}
	ctx, cancel := s.untilClosing()
	defer cancel()
	u, err := e.UploadFiles(ctx, container, path, in)
	if err == nil {
		err = restOfTar(in)
	}
	if err != nil {
		return inQuery(err)
	}
	return c.JSON(uploaded{path, true, u.Entries, u.Bytes})
}

// restOfTar reads what stands behind a tar's end, without which it is not known
// that the body has come whole.
func restOfTar(in io.Reader) error {
	n, err := io.Copy(io.Discard, io.LimitReader(in, mostAfterTar+1))
	if err == nil && n > mostAfterTar {
		return tooLarge("behind the end of the tar are over %d bytes", mostAfterTar)
	}
	return err
}

// untilClosing is a context that a hub which begins to shut down ends.
func (s *Server) untilClosing() (ctx context.Context, cancel func()) {
	ctx, end := context.WithCancelCause(context.Background())
	stop := context.AfterFunc(s.closing, func() { end(errEnding) })
	return ctx, func() {
		stop()
		end(nil)
	}
}

// wantTar stands before what takes a tar.
func wantTar(c *fiber.Ctx) error {
	if kind := bodyKind(c); kind != mimeTar {
		return unsupportedType("the body must be sent with Content-Type: %s, not %q", mimeTar, shorten(strings.ToValidUTF8(kind, "")))
	}
	return c.Next()
}
