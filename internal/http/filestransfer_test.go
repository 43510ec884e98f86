package http

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
	"hub/internal/docker"
	"hub/internal/docker/dockertest"
)

const asTar = "Content-Type: application/x-tar"

// tarWith is a tar of one file.
func tarWith(t *testing.T, name string, size int) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(size)}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(bytes.Repeat([]byte{'x'}, size)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAFolderIsDownloadedAndUploadedElsewhere(t *testing.T) {
	h, name := filesHub(t)
	h.must(filesRoute+"mkdir", map[string]any{"id_or_name": name, "path": "/tmp/from/sub"})
	h.must(filesRoute+"mkdir", map[string]any{"id_or_name": name, "path": "/tmp/to"})
	h.must(filesRoute+"write", map[string]any{"id_or_name": name, "path": "/tmp/from/sub/grüße \"x\"", "content": "hello", "mode": "640"})
	at := func(path string) string { return "?id_or_name=" + name + "&path=" + path }

	r, body := h.raw("GET", filesRoute+"download"+at("/tmp/from"), "")
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/x-tar" || r.Header.Get("Content-Disposition") != "attachment; filename="+name+"-from.tar" {
		t.Fatalf("%v", r)
	}
	status, answer := h.call("POST", filesRoute+"upload"+at("/tmp/to"), body, asTar)
	if status != 200 {
		t.Fatalf("%d %v", status, answer)
	}
	is(t, "upload", answer, `{"bytes":5,"entries":3,"path":"/tmp/to","uploaded":true}`)
	read := h.must(filesRoute+"read", map[string]any{"id_or_name": name, "path": "/tmp/to/from/sub/grüße \"x\""})
	if read["text"] != "hello" || read["stat"].(map[string]any)["mode"] != float64(0o640) {
		t.Errorf("%v", read)
	}
	if r, body := h.raw("GET", filesRoute+"download"+at("/tmp/to/from/sub/gr%C3%BC%C3%9Fe%20%22x%22"), ""); r.StatusCode != 200 ||
		!strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment; filename*=utf-8''") || !strings.Contains(body, "hello") {
		t.Errorf("%v", r)
	}
	if r, body := h.raw("HEAD", filesRoute+"download"+at("/tmp/from"), ""); r.StatusCode != 200 || body != "" || r.Header.Get("Content-Type") != "application/x-tar" {
		t.Errorf("%v", r)
	}
	h.free(name)
}

// free fails the test unless the engine soon lets go of a container, which it holds
// while it sends or takes files.
func (h *dockerHub) free(name string) {
	h.t.Helper()
	held := make(chan error, 1)
	go func() {
		_, err := h.api.ContainerInspect(h.t.Context(), name)
		held <- err
	}()
	select {
	case err := <-held:
		if err != nil {
			h.t.Error(err)
		}
	case <-time.After(10 * time.Second):
		h.t.Error("the engine holds the container")
	}
}

func TestFaultsOfTransfersAreAnsweredAsWhatTheyAre(t *testing.T) {
	h, name := filesHub(t)
	good := tarWith(t, "f", 1)
	for _, c := range []struct {
		method, query, body, kind string
		status                    int
		says                      string
	}{
		{"GET", "", "", "", 422, `"loc":["query","id_or_name"]`},
		{"GET", "?id_or_name=NAME", "", "", 422, `"loc":["query","path"]`},
		{"GET", "?id_or_name=NAME&path=etc", "", "", 422, `"loc":["query","path"]`},
		{"GET", "?id_or_name=NAME&path=/tmp/..", "", "", 422, `"loc":["query","path"]`},
		{"GET", "?id_or_name=NAME&path=/none", "", "", 404, "there is no such path"},
		{"GET", "?id_or_name=none&path=/tmp", "", "", 404, "none"},
		{"GET", "?id_or_name=NAME&path=/tmp&gzip=1", "", "", 400, "unknown parameter"},
		{"POST", "?id_or_name=NAME&path=/tmp", good, "application/octet-stream", 415, "application/x-tar"},
		{"POST", "?id_or_name=NAME&path=/tmp", good, "application/json", 415, "application/x-tar"},
		{"POST", "?id_or_name=NAME&path=/tmp", "", "application/x-tar", 422, "field required"},
		{"POST", "?id_or_name=NAME", good, "application/x-tar", 422, `"loc":["query","path"]`},
		{"POST", "?id_or_name=NAME&path=/none", good, "application/x-tar", 404, "there is no such path"},
		{"POST", "?id_or_name=NAME&path=/bin/busybox", good, "application/x-tar", 409, "it is no folder"},
		{"POST", "?id_or_name=NAME&path=/tmp", "no tar" + strings.Repeat("!", 1000), "application/x-tar", 422, `"loc":["body","tar"]`},
		{"POST", "?id_or_name=NAME&path=/tmp", tarWith(t, "../evil", 1), "application/x-tar", 422, `../evil`},
		{"POST", "?id_or_name=NAME&path=/tmp", tarWith(t, "/evil", 100<<10), "application/x-tar", 422, `/evil`},
		{"POST", "?id_or_name=NAME&path=/tmp", good + strings.Repeat("\x00", 2<<20), "application/x-tar", 413, `behind the end`},
	} {
		route := map[string]string{"GET": "download", "POST": "upload"}[c.method]
		r, text := h.raw(c.method, filesRoute+route+strings.ReplaceAll(c.query, "NAME", name), c.body, "Content-Type: "+c.kind)
		if r.StatusCode != c.status || !strings.Contains(text, c.says) || !strings.HasPrefix(text, `{"detail":`) {
			t.Errorf("%s %s: %d %s, want %d %s", route, c.query, r.StatusCode, text, c.status, c.says)
		}
	}
}

// Who leaves in the middle of a download lets go of the container, and what breaks
// off in the middle does not look whole.
func TestADownloadEndsWithItsClientAndWithTheHub(t *testing.T) {
	h, name := filesHub(t)
	if code, err := h.engine.Exec(t.Context(), docker.ExecSpec{Container: name, Cmd: []string{"truncate", "-s", "2G", "/tmp/big"}}, func(string, []byte) {}); code != 0 || err != nil {
		t.Fatal(code, err)
	}
	begin := func() *nethttp.Response {
		r, err := nethttp.Get("http://" + h.addr + filesRoute + "download?id_or_name=" + name + "&path=/tmp/big")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, r.Body, 1<<20); err != nil {
			t.Fatal(err)
		}
		return r
	}
	begin().Body.Close()
	h.free(name)
	r := begin()
	defer r.Body.Close()
	h.server.Leave()
	if n, err := io.Copy(io.Discard, r.Body); err == nil {
		t.Errorf("%d bytes look whole", n)
	}
	h.free(name)
}

// slowHub gives an ordinary body two seconds.
func slowHub(t *testing.T) (h *dockerHub, container string) {
	t.Helper()
	host := dockertest.Engine(t)
	engine := newEngine(t, host, docker.Options{})
	h = &dockerHub{startHub(t, Options{Docker: engine, readTimeout: 2 * time.Second}, broker.Options{}), engine, dockertest.Client(t, host), host}
	return h, h.sleeper(dockertest.Name("files"))
}

func TestABodyMayTakeLongAsLongAsItGoesOnArriving(t *testing.T) {
	h, name := slowHub(t)
	content := tarWith(t, "slow", 10_000)
	c := h.dial(fmt.Sprintf("POST %supload?id_or_name=%s&path=/tmp HTTP/1.1\nHost: localhost\n%s\nContent-Length: %d\n\n", filesRoute, name, asTar, len(content)))
	for part := range 5 {
		time.Sleep(500 * time.Millisecond) // all of it takes longer than an ordinary body may
		if _, err := io.WriteString(c, content[len(content)*part/5:len(content)*(part+1)/5]); err != nil {
			t.Fatal(err)
		}
	}
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 200 ") {
		t.Fatal(head)
	}
	body := fmt.Sprintf(`{"id_or_name":%q,"path":"/tmp/written","content":"0123456789"}`, name)
	c = h.dial(fmt.Sprintf("POST %swrite HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: %d\n\n", filesRoute, len(body)))
	for part := range 5 {
		time.Sleep(500 * time.Millisecond)
		if _, err := io.WriteString(c, body[len(body)*part/5:len(body)*(part+1)/5]); err != nil {
			t.Fatal(err)
		}
	}
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 200 ") {
		t.Fatal(head)
	}
}

func TestAnUploadThatStandsStillIsEndedAndTheContainerLetGo(t *testing.T) {
	h, name := slowHub(t)
	content := tarWith(t, "half", 1<<20)
	half := func() *raw {
		c := h.dial(fmt.Sprintf("POST %supload?id_or_name=%s&path=/tmp HTTP/1.1\nHost: localhost\n%s\nContent-Length: %d\n\n", filesRoute, name, asTar, len(content)))
		if _, err := io.WriteString(c, content[:1<<19]); err != nil {
			t.Fatal(err)
		}
		return c
	}
	half().Close()
	h.free(name)
	if head := half().head(); !strings.HasPrefix(head, "HTTP/1.1 408 ") {
		t.Error(head)
	}
	h.free(name)
	status, answer := h.call("POST", filesRoute+"upload?id_or_name="+name+"&path=/tmp", content, asTar)
	if status != 200 || answer["bytes"] != float64(1<<20) {
		t.Errorf("%d %v", status, answer)
	}
}

func TestAHubThatShutsDownEndsAnUpload(t *testing.T) {
	h, name := filesHub(t)
	in, out := io.Pipe()
	r, err := nethttp.NewRequest("POST", "http://"+h.addr+filesRoute+"upload?id_or_name="+name+"&path=/tmp", in)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-tar")
	answers := make(chan int, 1)
	go func() {
		answer, err := nethttp.DefaultClient.Do(r)
		if err != nil {
			answers <- 0
			return
		}
		answer.Body.Close()
		answers <- answer.StatusCode
	}()
	defer out.Close()
	if _, err := io.WriteString(out, tarWith(t, "half", 1<<20)[:1<<19]); err != nil {
		t.Fatal(err)
	}
	h.shutdown(5 * time.Second)
	if status := <-answers; status != 503 {
		t.Errorf("%d", status)
	}
	h.free(name)
}

// What a refused upload leaves unread is never taken for a request.
func TestTheRestOfARefusedUploadIsNoRequest(t *testing.T) {
	h, name := filesHub(t)
	content := tarWith(t, "/evil", 10) + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
	c := h.dial(fmt.Sprintf("POST %supload?id_or_name=%s&path=/tmp HTTP/1.1\nHost: localhost\n%s\nContent-Length: %d\n\n", filesRoute, name, asTar, len(content)+1<<20))
	if _, err := io.WriteString(c, content); err != nil {
		t.Fatal(err)
	}
	if all := c.all(); !strings.HasPrefix(all, "HTTP/1.1 422 ") || strings.Count(all, "HTTP/1.1 ") != 1 {
		t.Errorf("%s", all)
	}
}
