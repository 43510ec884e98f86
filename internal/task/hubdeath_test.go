package task_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hub/internal/task"
)

const hubToKill = "TASK_TEST_PID_FILE"

// TestHubToKill is the hub of the test below, in a process of its own; by itself it promises nothing.
func TestHubToKill(t *testing.T) {
	file := os.Getenv(hubToKill)
	if file == "" {
		return
	}
	run(t, task.Command{Cmd: "echo $$ > " + file + ".new; mv " + file + ".new " + file + "; exec sleep 1000"})
}

func TestAKilledHubTakesItsShellsWithIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	hub := exec.Command(os.Args[0], "-test.run=^TestHubToKill$")
	hub.Env = append(os.Environ(), hubToKill+"="+file)
	if err := hub.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the command runs", func() bool { _, err := os.Stat(file); return err == nil })
	pid := readPID(t, file)
	hub.Process.Kill()
	hub.Wait()
	eventually(t, "the shell is gone", func() bool { return !alive(t, pid) })
}

// eventually waits for what real processes do in their own time.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("not so: %s", what)
		}
	}
}
