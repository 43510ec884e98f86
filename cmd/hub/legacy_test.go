package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

// TestTheOlderServicesCallsInTheirOrder plays what a client of the older service does from the build of an image to its last trace,
// each call with the answer of the contract.
func TestTheOlderServicesCallsInTheirOrder(t *testing.T) {
	t.Setenv("DOCKER_HOST", dockertest.Engine(t))
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	h := startProgram(t)
	registry := dockertest.StartRegistry(t)
	base := dockertest.Image(t)
	api := dockertest.Client(t, os.Getenv("DOCKER_HOST"))
	repo, name := registry.Host+"/"+dockertest.Name("site"), dockertest.Name("web")
	t.Cleanup(func() {
		_ = api.ContainerRemove(context.Background(), name, containertypes.RemoveOptions{Force: true})
	})
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("Dockerfile", "FROM "+base+"\nCOPY index.html /srv/\nCMD [\"sh\", \"-c\", \"echo out; echo err >&2; exec sleep 300\"]\n")
	write("index.html", "hello\n")
	f := fmt.Sprintf

	// An image is built in the three ways.
	h.post(t, "/docker/build", f(`{"path":%q,"tag":"%s:1"}`, folder, repo), f(`{"image_id":"<image>","tag":"%s:1","logs":"<text>"}`, repo))
	h.post(t, "/docker/build-stream",
		f(`{"context_path":%q,"tag":"%s:2","dockerfile_content":"FROM %s\nARG WHO\nRUN echo I am $WHO\n","dockerfile_name":"Dockerfile.who","build_args":{"WHO":"me"},"task_id":"legacy-build","cleanup":true}`, folder, repo, base),
		f(`{"status":"ok","image_id":"<image>","tag":"%s:2","dockerfile_used":"Dockerfile.who","inline":true,"logs":"<list>","duration_sec":"<number>","steps_completed":3,
		 "steps":[{"line":1,"op":"FROM","instruction":"FROM %s","args":"%s"},{"line":2,"op":"ARG","instruction":"ARG WHO","args":"WHO"},
		          {"line":3,"op":"RUN","instruction":"RUN echo I am $WHO","args":"echo I am $WHO"}]}`, repo, base, base))
	if _, err := os.Stat(filepath.Join(folder, "Dockerfile.who")); err == nil {
		t.Error("the inline Dockerfile is left in the context")
	}
	h.call(t, "GET", "/tasks/status/legacy-build", "", 200, `{"task_type":"docker_build","status":"completed","events":"<list>","created_at":"<number>","updated_at":"<number>","result":"<any>"}`)
	started := h.post(t, "/docker/build/start", f(`{"dockerfile_content":"FROM %s\nRUN echo deep\n","app_id":"%s"}`, base, name), `{"task_id":"<task>","status":"started"}`)
	h.await("the end of the build that was started", func() bool {
		s, _ := h.call(t, "GET", f("/tasks/status/%s", started["task_id"]), "", 200, `{"status":"<text>"}`).(map[string]any)
		return s["status"] == "completed"
	})
	h.call(t, "GET", f("/tasks/logs/%s?tail=2", started["task_id"]), "", 200, f(`{"task_id":"%s","status":"completed","lines":["<text>","<text>"]}`, started["task_id"]))
	h.call(t, "POST", "/docker/build", `{"path":"/nowhere/at/all","tag":"x"}`, 400, `{"detail":"<text>"}`)

	// It goes to the registry and comes back.
	h.post(t, "/docker/tag", f(`{"source":"%s:1","repo":"%s","tag":"latest"}`, repo, repo), f(`{"status":"ok","source":"%s:1","target":"%s:latest"}`, repo, repo))
	h.call(t, "POST", "/docker/push", f(`{"repo_tag":"%s:latest"}`, repo), 401, `{"detail":"<text>"}`)
	h.call(t, "POST", "/docker/login", f(`{"username":"%s","password":"wrong","registry":"%s"}`, registry.User, registry.Host), 401, `{"detail":"<text>"}`)
	h.post(t, "/docker/login", f(`{"username":"%s","password":"%s","registry":"%s"}`, registry.User, registry.Password, registry.Host),
		`{"status":"ok","detail":{"IdentityToken":"","Status":"Login Succeeded"}}`)
	h.post(t, "/docker/push", f(`{"repo_tag":"%s:latest"}`, repo), f(`{"status":"ok","pushed":"%s:latest","logs":"<text>"}`, repo))
	h.post(t, "/docker/rmi", f(`{"id_or_name":"%s:latest"}`, repo), f(`{"removed":true,"image":"%s:latest"}`, repo))
	h.post(t, "/docker/pull", f(`{"name":"%s","tag":"latest"}`, repo), f(`{"status":"ok","id":"<image>","tags":"<list>"}`))
	h.call(t, "POST", "/docker/pull", f(`{"name":"%s","tag":"none"}`, repo), 404, `{"detail":"<text>"}`)
	tar := filepath.Join(t.TempDir(), "site.tar")
	h.post(t, "/docker/save", f(`{"repo_tag":"%s:latest","tar_path":%q}`, repo, tar), f(`{"status":"ok","saved_to":%q}`, tar))
	h.post(t, "/docker/load", f(`{"tar_path":%q}`, tar), `{"status":"ok","images":["<image>"]}`)
	h.call(t, "GET", "/docker/images", "", 200, `"<list>"`)

	// It runs.
	h.post(t, "/docker/run", f(`{"image":"%s:latest","name":"%s","ports":{"80/tcp":null},"env":{"A":"b c"}}`, repo, name), f(`{"id":"<id>","name":"%s","status":"running"}`, name))
	h.call(t, "POST", "/docker/run", f(`{"image":"%s:latest","name":"%s"}`, repo, name), 409, `{"detail":"<text>"}`)
	h.call(t, "GET", "/docker/containers", "", 200, `"<list>"`)
	h.await("its log", func() bool {
		l, _ := h.call(t, "GET", "/docker/logs/"+name+"?tail=100", "", 200, f(`{"id":"<id>","name":"%s","logs":"<text>"}`, name)).(map[string]any)
		return l["logs"] == "out\nerr\n" || l["logs"] == "err\nout\n"
	})
	h.post(t, "/docker/exec", f(`{"id_or_name":"%s","cmd":"sh -c 'echo $A; exit 4'"}`, name), `{"exit_code":4,"output":"b c\n"}`)

	// Its files.
	fs := func(verb, rest, want string) {
		t.Helper()
		h.post(t, "/docker/container/fs/"+verb, f(`{"id_or_name":"%s",%s}`, name, rest), want)
	}
	fs("mkdir", `"path":"/srv/a b/-c"`, `{"path":"/srv/a b/-c","exit_code":0}`)
	fs("write", `"path":"/srv/a b/-c/d.txt","content":"x\ny"`, `{"path":"/srv/a b/-c/d.txt","written":true,"bytes":3}`)
	fs("read", `"path":"/srv/a b/-c/d.txt"`, `{"path":"/srv/a b/-c/d.txt","size":3,"text":"x\ny","base64":"eAp5",
		"stat":{"name":"d.txt","size":3,"mode":"<number>","mtime":"<text>","linkTarget":""}}`)
	fs("list", `"path":"/srv/a b"`, `{"path":"/srv/a b","stat":{"name":"a b","size":"<number>","mode":"<number>","mtime":"<text>","linkTarget":""},
		"entries":[{"name":"a b","size":0,"type":"dir","mode":493},{"name":"a b/-c","size":0,"type":"dir","mode":493},{"name":"a b/-c/d.txt","size":3,"type":"file","mode":420}]}`)
	fs("delete", `"path":"/srv/a b"`, `{"path":"/srv/a b","exit_code":0}`)
	h.call(t, "POST", "/docker/container/fs/read", f(`{"id_or_name":"%s","path":"/srv/a b"}`, name), 404, `{"detail":"<text>"}`)

	// It goes.
	h.post(t, "/docker/stop", f(`{"id_or_name":"%s"}`, name), f(`{"id":"<id>","name":"%s","status":"exited"}`, name))
	h.post(t, "/docker/rm", f(`{"id_or_name":"%s"}`, name), f(`{"removed":true,"id":"<id>","name":"%s"}`, name))
	h.call(t, "POST", "/docker/rm", f(`{"id_or_name":"%s"}`, name), 404, `{"detail":"<text>"}`)
	limited := dockertest.Name("limited")
	h.post(t, "/docker/run-extended",
		f(`{"image":"%s:latest","name":"%s","command":"sleep 300","mem_limit":"64m","pids_limit":50,"log_driver":"json-file","log_options":{"max-size":"10m"}}`, repo, limited),
		f(`{"id":"<id>","name":"%s","status":"running"}`, limited))
	h.post(t, "/docker/rm", f(`{"id_or_name":"%s","force":true}`, limited), f(`{"removed":true,"id":"<id>","name":"%s"}`, limited))
	for _, tag := range []string{repo + ":1", repo + ":2", repo + ":latest", name + ":latest"} {
		h.post(t, "/docker/rmi", f(`{"id_or_name":"%s","force":true}`, tag), f(`{"removed":true,"image":"%s"}`, tag))
	}
}
