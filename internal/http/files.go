package http

import (
	"context"
	"encoding/base64"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

const (
	// fileTime is what a call for a file may take, a deletion more.
	fileTime   = time.Minute
	deleteTime = 10 * time.Minute
)

// pathBody names a path in a container.
type pathBody struct {
	Container string `json:"id_or_name" check:"required"`
	Path      string `json:"path" check:"required" description:"absolute; spaces, quotes and a leading dash are just characters, .. is not taken"`
}

// pathStat is what the engine says of a path.
type pathStat struct {
	Name       string    `json:"name"`
	Size       int64     `json:"size" description:"bytes"`
	Mode       uint32    `json:"mode" description:"the engine's number: the permissions in the lowest nine bits, the highest bit set for a folder, 1<<27 for a link"`
	Mtime      time.Time `json:"mtime"`
	LinkTarget string    `json:"linkTarget" description:"of a link, where it leads, from the container's root; else empty"`
}

// fileEntry is one line of a list.
type fileEntry struct {
	Name  string    `json:"name" description:"of the first entry the path's last name, of the others base/child"`
	Size  int64     `json:"size" description:"bytes"`
	Type  string    `json:"type" enum:"dir,file" description:"file is all that is no folder"`
	Mode  int64     `json:"mode" description:"permissions, with set-uid, set-gid and sticky"`
	UID   int       `json:"uid"`
	GID   int       `json:"gid"`
	Mtime time.Time `json:"mtime"`
	Link  string    `json:"link,omitempty" description:"of a symbolic link, its target as it stands there"`
}

// listFilesBody is the body of fs/list.
type listFilesBody struct {
	pathBody
	Depth *int `json:"depth" minimum:"0" description:"how many folders down: 0 is the path alone, 1 what lies in it; everything where it is not given"`
}

// fileList is the answer of fs/list.
type fileList struct {
	Path    string      `json:"path" description:"as asked"`
	Entries []fileEntry `json:"entries"`
	Stat    pathStat    `json:"stat" description:"of the path as asked, so of a link itself"`
}

// fileContent is the answer of fs/read.
type fileContent struct {
	Path   string   `json:"path"`
	Size   int      `json:"size" description:"of the content, in bytes"`
	Text   *string  `json:"text" description:"the content; null where that is not UTF-8"`
	Base64 string   `json:"base64" description:"the content"`
	Stat   pathStat `json:"stat" description:"of the path as asked, so of a link itself"`
}

// exitAnswer is that of what the older service did with a command.
type exitAnswer struct {
	Path     string `json:"path"`
	ExitCode int    `json:"exit_code"`
	Output   string `json:"output,omitempty" description:"what the command said"`
}

var (
	examplePath  = pathBody{"web", "/etc/nginx/nginx.conf"}
	exampleMtime = time.Date(2026, 11, 23, 20, 11, 47, 0, time.UTC)
	exampleStat  = pathStat{Name: "nginx.conf", Size: 6, Mode: 0o644, Mtime: exampleMtime}
	exampleText  = "hello\n"
	exampleDepth = 1
)

var (
	listFilesDoc = operation{
		more: "The engine can only send a folder whole, so what its files hold counts: at most 10,000 entries, 64 MiB without a `depth` and 1 GiB with one, " +
			"10 seconds; beyond that a 413. A link at the path itself is followed, links below are listed. Mounts of memory (tmpfs, /proc) show with newer engines only.",
		takes: listFilesBody{pathBody{"web", "/etc/nginx"}, &exampleDepth},
		gives: fileList{"/etc/nginx", []fileEntry{
			{Name: "nginx", Type: "dir", Mode: 0o755, Mtime: exampleMtime}, {Name: "nginx/nginx.conf", Size: 6, Type: "file", Mode: 0o644, Mtime: exampleMtime},
		}, pathStat{Name: "nginx", Size: 4096, Mode: 1<<31 | 0o755, Mtime: exampleMtime}},
		fails: []int{404, 409},
	}
	readFileDoc = operation{
		more: "At most 8 MiB, beyond that a 413. Links are followed, within the container. A folder, a device or a pipe is a 409. " +
			"The content is given as it is: secrets are not masked in it, as they are in other answers.",
		takes: examplePath,
		gives: fileContent{examplePath.Path, 6, &exampleText, "aGVsbG8K", exampleStat},
		fails: []int{404, 409},
	}
	mkdirDoc = operation{
		more:  "Its parents are made, too; what is there stays as it is. The folders are root's, with the permissions 0755. A path that is no folder is a 409.",
		takes: pathBody{"web", "/srv/site/img"}, gives: exitAnswer{Path: "/srv/site/img"},
		fails: []int{404, 409},
	}
	deleteFileDoc = operation{
		more: "By `rm -rf`, as root, with the path as an argument; so the container must run and have `rm`, else it is a 409. " +
			"`exit_code` is 0 also where there was nothing. /, /dev, /proc and /sys are a 403, as is /etc without `force`.",
		takes: deleteFileBody{pathBody{"web", "/tmp/cache"}, false}, gives: exitAnswer{Path: "/tmp/cache"},
		fails: []int{404, 409},
	}
)

// listFiles is POST /docker/container/fs/list.
func (s *Server) listFiles(c *fiber.Ctx) error {
	var body listFilesBody
	if err := decode(c, &body); err != nil {
		return err
	}
	depth := -1
	if body.Depth != nil {
		if depth = *body.Depth; depth < 0 {
			return unprocessable(fault{[]any{"body", "depth"}, "must be 0 or more", "value_error"})
		}
	}
	list, err := askEngine(s, fileTime, func(ctx context.Context, e *docker.Engine) (docker.FileList, error) {
		return e.ListFiles(ctx, body.Container, body.Path, depth)
	})
	if err != nil {
		return err
	}
	answer := fileList{Path: body.Path, Entries: make([]fileEntry, 0, len(list.Entries)), Stat: pathStat(list.Stat)}
	for _, e := range list.Entries {
		kind := "file"
		if e.Folder {
			kind = "dir"
		}
		answer.Entries = append(answer.Entries, fileEntry{e.Name, e.Size, kind, e.Mode, e.UID, e.GID, e.Mtime, e.Link})
	}
	return c.JSON(answer)
}

// readFile is POST /docker/container/fs/read.
func (s *Server) readFile(c *fiber.Ctx) error {
	var body pathBody
	if err := decode(c, &body); err != nil {
		return err
	}
	var stat docker.FileStat
	content, err := askEngine(s, fileTime, func(ctx context.Context, e *docker.Engine) (content []byte, err error) {
		content, stat, err = e.ReadFile(ctx, body.Container, body.Path)
		return content, err
	})
	if err != nil {
		return err
	}
	answer := fileContent{Path: body.Path, Size: len(content), Base64: base64.StdEncoding.EncodeToString(content), Stat: pathStat(stat)}
	if utf8.Valid(content) {
		text := string(content)
		answer.Text = &text
	}
	c.Locals(asItIs{}, true)
	return c.JSON(answer)
}

// makeFolder is POST /docker/container/fs/mkdir.
func (s *Server) makeFolder(c *fiber.Ctx) error {
	var body pathBody
	if err := decode(c, &body); err != nil {
		return err
	}
	_, err := askEngine(s, fileTime, func(ctx context.Context, e *docker.Engine) (any, error) {
		return nil, e.MakeFolder(ctx, body.Container, body.Path)
	})
	if err != nil {
		return err
	}
	return c.JSON(exitAnswer{Path: body.Path})
}

// deleteFileBody is the body of fs/delete.
type deleteFileBody struct {
	pathBody
	Force bool `json:"force" description:"for /etc"`
}

// deleteFile is POST /docker/container/fs/delete.
func (s *Server) deleteFile(c *fiber.Ctx) error {
	var body deleteFileBody
	if err := decode(c, &body); err != nil {
		return err
	}
	d, err := askEngine(s, deleteTime, func(ctx context.Context, e *docker.Engine) (docker.Deleted, error) {
		return e.DeleteFile(ctx, body.Container, body.Path, body.Force)
	})
	if err != nil {
		return err
	}
	return c.JSON(exitAnswer{body.Path, d.ExitCode, d.Output})
}
