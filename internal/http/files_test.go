package http

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

const filesRoute = "/docker/container/fs/"

// filesHub is a dockerHub with a container that runs, and its name.
func filesHub(t *testing.T) (h *dockerHub, container string) {
	t.Helper()
	h = startDockerHub(t)
	return h, h.sleeper(dockertest.Name("files"))
}

// sleeper runs a container of the base image until the test ends.
func (h *dockerHub) sleeper(name string) string {
	h.t.Helper()
	dockertest.ImageOn(h.t, h.host)
	made, err := h.api.ContainerCreate(h.t.Context(), &containertypes.Config{Image: dockertest.Base, Cmd: []string{"sleep", "3600"}}, nil, nil, nil, name)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		_ = h.api.ContainerRemove(context.Background(), made.ID, containertypes.RemoveOptions{Force: true})
	})
	if err := h.api.ContainerStart(h.t.Context(), made.ID, containertypes.StartOptions{}); err != nil {
		h.t.Fatal(err)
	}
	return name
}

func keysOf(object any) []string { return slices.Sorted(maps.Keys(object.(map[string]any))) }

func TestTheRoutesOfFilesAnswerAsTheOlderService(t *testing.T) {
	h, name := filesHub(t)
	at := func(path string, more map[string]any) map[string]any {
		body := map[string]any{"id_or_name": name, "path": path, "unknown": true}
		maps.Copy(body, more)
		return body
	}
	folder := "/tmp/a b/'c'"
	is(t, "mkdir", h.must(filesRoute+"mkdir", at(folder, nil)), `{"exit_code":0,"path":"/tmp/a b/'c'"}`)
	is(t, "write", h.must(filesRoute+"write", at(folder+"/text", map[string]any{"content": "grüße\n", "mode": 0o600})), `{"bytes":8,"path":"/tmp/a b/'c'/text","written":true}`)
	binary := bytes.Repeat([]byte{0, 0xff, '\n'}, 1000)
	is(t, "write", h.must(filesRoute+"write", at(folder+"/bin", map[string]any{"content": base64.StdEncoding.EncodeToString(binary), "base64": true, "mode": "0755"})), `{"bytes":3000,"path":"/tmp/a b/'c'/bin","written":true}`)
	is(t, "write", h.must(filesRoute+"write", at(folder+"/empty", map[string]any{"content": "", "mode": nil})), `{"bytes":0,"path":"/tmp/a b/'c'/empty","written":true}`)

	text := h.must(filesRoute+"read", at(folder+"/text", nil))
	if want := []string{"base64", "path", "size", "stat", "text"}; !slices.Equal(keysOf(text), want) || text["text"] != "grüße\n" || text["size"] != 8.0 || text["base64"] != base64.StdEncoding.EncodeToString([]byte("grüße\n")) {
		t.Errorf("%v", text)
	}
	stat := text["stat"].(map[string]any)
	if want := []string{"linkTarget", "mode", "mtime", "name", "size"}; !slices.Equal(keysOf(stat), want) || stat["name"] != "text" || stat["size"] != 8.0 || stat["mode"] != float64(0o600) || stat["linkTarget"] != "" {
		t.Errorf("%v", stat)
	}
	if bin := h.must(filesRoute+"read", at(folder+"/bin", nil)); bin["text"] != nil || bin["base64"] != base64.StdEncoding.EncodeToString(binary) {
		t.Errorf("%v", bin)
	}

	list := h.must(filesRoute+"list", at("/tmp/a b", nil))
	var lines []string
	for _, e := range list["entries"].([]any) {
		e := e.(map[string]any)
		lines = append(lines, fmt.Sprintf("%v %v %v %o", e["name"], e["type"], e["size"], int(e["mode"].(float64))))
	}
	if want := []string{"a b dir 0 755", "a b/'c' dir 0 755", "a b/'c'/bin file 3000 755", "a b/'c'/empty file 0 644", "a b/'c'/text file 8 600"}; !slices.Equal(lines, want) || list["path"] != "/tmp/a b" {
		t.Errorf("%q", lines)
	}
	if shallow := h.must(filesRoute+"list", at("/tmp/a b", map[string]any{"depth": 1})); len(shallow["entries"].([]any)) != 2 {
		t.Errorf("%v", shallow)
	}
	is(t, "delete", h.must(filesRoute+"delete", at(folder, nil)), `{"exit_code":0,"path":"/tmp/a b/'c'"}`)
	if rest := h.must(filesRoute+"list", at("/tmp", nil)); len(rest["entries"].([]any)) != 2 {
		t.Errorf("%v", rest)
	}
}

func TestFaultsOfFilesAreAnsweredAsWhatTheyAre(t *testing.T) {
	h, name := filesHub(t)
	h.container(dockertest.Base, name+"-stopped")
	long := strings.Repeat("A", 17<<20)
	for _, c := range []struct {
		route, body string
		status      int
		says        string
	}{
		{"list", `{}`, 422, `"loc":["body","id_or_name"]`},
		{"read", `{"id_or_name":"NAME"}`, 422, `"loc":["body","path"]`},
		{"read", `{"id_or_name":"NAME","path":"etc"}`, 422, `"loc":["body","path"]`},
		{"read", `{"id_or_name":"NAME","path":"/etc/../root"}`, 422, `\"..\"`},
		{"read", `{"id_or_name":"NAME","path":"/a\u0000b"}`, 422, `NUL`},
		{"read", `{"id_or_name":"no-such-one","path":"/etc"}`, 404, "no-such-one"},
		{"read", `{"id_or_name":"../images/x","path":"/etc"}`, 404, "there is none"},
		{"read", `{"id_or_name":"NAME","path":"/none"}`, 404, "there is no such path"},
		{"read", `{"id_or_name":"NAME","path":"/tmp"}`, 409, "it is a folder"},
		{"list", `{"id_or_name":"NAME","path":"/tmp","depth":-1}`, 422, `"loc":["body","depth"]`},
		{"list", `{"id_or_name":"NAME","path":"/none"}`, 404, "there is no such path"},
		{"write", `{"id_or_name":"NAME","path":"/tmp/f"}`, 422, `"loc":["body","content"]`},
		{"write", `{"id_or_name":"NAME","path":"/tmp/f","content":"*","base64":true}`, 422, `"loc":["body","content"]`},
		{"write", `{"id_or_name":"NAME","path":"/tmp/f","content":"x","mode":"rw"}`, 422, `"loc":["body","mode"]`},
		{"write", `{"id_or_name":"NAME","path":"/tmp/f","content":"x","mode":-1}`, 422, `"loc":["body","mode"]`},
		{"write", `{"id_or_name":"NAME","path":"/none/f","content":"x"}`, 404, "make it first"},
		{"write", `{"id_or_name":"NAME","path":"/tmp","content":"x"}`, 409, "it is a folder"},
		{"write", `{"id_or_name":"NAME","path":"/tmp/f","content":"` + long + `"}`, 413, "at most 16777216"},
		{"mkdir", `{"id_or_name":"NAME","path":"/bin/busybox"}`, 409, "is no folder"},
		{"delete", `{"id_or_name":"NAME","path":"/proc/1"}`, 403, "/proc/1"},
		{"delete", `{"id_or_name":"NAME","path":"/"}`, 403, "cannot be without"},
		{"delete", `{"id_or_name":"NAME-stopped","path":"/tmp"}`, 409, "it does not run"},
	} {
		r, text := h.raw("POST", filesRoute+c.route, strings.ReplaceAll(c.body, "NAME", name))
		if r.StatusCode != c.status || !strings.Contains(text, c.says) || !strings.HasPrefix(text, `{"detail":`) {
			t.Errorf("%s %.200s: %d %s, want %d %s", c.route, c.body, r.StatusCode, text, c.status, c.says)
		}
	}
	c := h.dial("POST " + filesRoute + "write HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: 33554433\n\n{")
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 413 ") {
		t.Error(head)
	}
	gone := startDockerHubWith(t, dockerSetup{Host: "unix:///none/docker.sock"})
	for _, route := range []string{"list", "read", "write", "mkdir", "delete"} {
		status, answer := gone.post(filesRoute+route, `{"id_or_name":"web","path":"/tmp/f","content":""}`)
		if status != 503 || !strings.Contains(fmt.Sprint(answer["detail"]), "start the engine") {
			t.Errorf("%s: %d %v", route, status, answer)
		}
	}
	for _, method := range []string{"GET download", "POST upload"} {
		method, route, _ := strings.Cut(method, " ")
		if status, answer := gone.call(method, filesRoute+route+"?id_or_name=web&path=/tmp", "x", "Content-Type: application/x-tar"); status != 503 {
			t.Errorf("%s: %d %v", route, status, answer)
		}
	}
}
