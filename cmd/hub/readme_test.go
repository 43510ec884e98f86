package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hub/internal/docker/dockertest"
)

// commandsOf are the commands of a section of the README, as they stand there.
func commandsOf(t *testing.T, section string) (commands []string) {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = bytes.Cut(text, []byte("## "+section+"\n"))
	text, _, _ = bytes.Cut(text, []byte("\n## "))
	for line := range strings.Lines(string(text)) {
		if command, ok := strings.CutPrefix(line, "    "); ok {
			command, _, _ = strings.Cut(command, "  #")
			commands = append(commands, strings.TrimSpace(command))
		}
	}
	return commands
}

// project is a directory in which npm run build and make do something.
func project(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"package.json": `{"scripts":{"build":"echo built; echo warned >&2"}}`,
		"Makefile":     "all:\n\t@echo made\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTheFirstMinuteOfTheREADMEIsTrue(t *testing.T) {
	h := startProgram(t)
	dir := project(t)
	// What each command is to show, by the beginning of the command. A watcher is ended once it has shown it.
	shows := map[string]string{
		"curl -N http":         "built\nwarned\n",
		"npm run build":        `"published":`,
		"make 2>&1":            `{"published":1,"last":"`,
		"curl -N -H 'Accept: ": "1\n2\n3\n--- end: completed, exit code 0\n",
	}
	var watchers sync.WaitGroup
	seen := map[string]bool{}
	for _, command := range commandsOf(t, "The first minute") {
		command = h.at(command)
		if command == "make run" {
			continue // the hub runs
		}
		if at, ok := strings.CutPrefix(command, "npx wscat -c "); ok { // the same with a client that is here
			watchers.Go(func() { watchWebSocket(t, at, `"line":"built"`) })
			continue
		}
		want := ""
		for beginning, show := range shows {
			if strings.HasPrefix(command, beginning) {
				want, seen[beginning] = show, true
			}
		}
		if want == "" {
			t.Errorf("the README has a command that is not tried: %s", command)
		}
		run := func() {
			if got := show(t, dir, command, want); !strings.Contains(got, want) {
				t.Errorf("%s\nshows %q, want %q", command, got, want)
			}
		}
		if strings.HasPrefix(command, "curl -N http") {
			watchers.Go(run)
		} else {
			run()
		}
	}
	watchers.Wait()
	for beginning := range shows {
		if !seen[beginning] {
			t.Errorf("the README has no command that begins with %s", beginning)
		}
	}
}

// at is a command of the README with this hub's port.
func (h *running) at(command string) string {
	return strings.ReplaceAll(command, "localhost:8002", "localhost"+h.addr[strings.LastIndex(h.addr, ":"):])
}

func TestWhatTheREADMESaysOfDockerIsTrue(t *testing.T) {
	t.Setenv("DOCKER_HOST", dockertest.Engine(t))
	h := startProgram(t)
	// A hub finds the folder where it runs.
	site := filepath.Join(h.cmd.Dir, "site")
	if err := os.Mkdir(site, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(site, "Dockerfile"), []byte("FROM "+dockertest.Image(t)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	web := dockertest.Name("web")
	h.post(t, "/docker/run", fmt.Sprintf(`{"image":%q,"name":%q,"command":"sh -c 'echo hello; exec sleep 300'"}`, dockertest.Base, web), `{"status":"running"}`)
	defer func() {
		h.post(t, "/docker/rm", fmt.Sprintf(`{"id_or_name":%q,"force":true}`, web), `{"removed":true}`)
	}()
	shows := []string{"hello\n", "--- end: completed"}
	for i, command := range commandsOf(t, "With Docker") {
		command = strings.ReplaceAll(h.at(command), "containers/web/", "containers/"+web+"/")
		if got := show(t, h.cmd.Dir, command, shows[i]); !strings.Contains(got, shows[i]) {
			t.Errorf("%s\nshows %q, want %q", command, got, shows[i])
		}
	}
	h.post(t, "/docker/rmi", `{"id_or_name":"site:1"}`, `{"removed":true}`)
}

// show runs a command until it ends or has shown what it is to show.
func show(t *testing.T, dir, command, want string) string {
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, "sh", "-c", "exec "+command)
	if strings.Contains(command, "|") {
		cmd.Args[2] = command
	}
	cmd.Dir = dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { // of the make that may run this test
		return strings.HasPrefix(v, "MAKE") || strings.HasPrefix(v, "MFLAGS=")
	})
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Error(err)
		return ""
	}
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return ""
	}
	var got bytes.Buffer
	buf := make([]byte, 4096)
	for err == nil && !strings.Contains(got.String(), want) {
		var n int
		n, err = out.Read(buf)
		got.Write(buf[:n])
	}
	if strings.HasPrefix(command, "curl -N http") {
		stop() // a watcher does not end by itself
	}
	_ = cmd.Wait() // killed or not, what it showed counts
	return got.String()
}

func watchWebSocket(t *testing.T, at, want string) {
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	c, _, err := websocket.Dial(ctx, at, nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer c.CloseNow()
	for {
		_, message, err := c.Read(ctx)
		if err != nil {
			t.Errorf("%s: %v", at, err)
			return
		}
		if strings.Contains(string(message), want) {
			return
		}
	}
}
