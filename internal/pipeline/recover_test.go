package pipeline

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// What the process that plays a hub is told by its environment.
const (
	hubEngine = "HUB_TEST_ENGINE"
	hubFolder = "HUB_TEST_FOLDER"
	hubPort   = "HUB_TEST_PORT"
	hubSite   = "HUB_TEST_SITE"
	hubImage  = "HUB_TEST_IMAGE"
	hubRun    = "HUB_TEST_RUN" // "page" or "dead"
)

// TestAHubOfItsOwn is the process of a hub that deploys and then lives on; it does nothing among the other tests.
func TestAHubOfItsOwn(t *testing.T) {
	if os.Getenv(hubEngine) == "" {
		return
	}
	engine, err := docker.New(docker.Options{Host: os.Getenv(hubEngine)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Options{Tasks: task.New(task.Options{Publisher: printer{}}), Engine: engine, Folder: os.Getenv(hubFolder)})
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(os.Getenv(hubPort))
	run := page("of another hub", port)
	if os.Getenv(hubRun) == "dead" {
		run = dead(port)
	}
	run.Image = os.Getenv(hubImage)
	if _, err := r.newWorkspaceFor(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Start(Definition{Type: TypeOwn, Site: os.Getenv(hubSite), Stages: []Stage{{Step: run}, {Step: Probe{}}}}, ""); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // for as long as the test wants
}

// newWorkspaceFor is a workspace that a run would have.
func (r *Runner) newWorkspaceFor() (*workspace, error) {
	return newRun(r, r.newRecord(Definition{}), nil).newWorkspace()
}

// printer prints events, for the test to read.
type printer struct{}

func (printer) Publish(_, kind string, data []byte) (uint64, error) {
	_, err := os.Stdout.WriteString(kind + " " + string(data) + "\n")
	return 1, err
}

// anotherHub is a process that deploys to a port of the world's site.
type anotherHub struct {
	w       *world
	process *exec.Cmd
	said    *os.File
	name    string // of its folder
}

func (w *world) anotherHub(run, image string, port int) *anotherHub {
	w.Helper()
	h := &anotherHub{w: w}
	before, _ := filepath.Glob(filepath.Join(filepath.Dir(w.instance.folder), "*"))
	var err error
	if h.said, err = os.Create(filepath.Join(w.TempDir(), "said")); err != nil {
		w.Fatal(err)
	}
	h.process = exec.Command(os.Args[0], "-test.run=^TestAHubOfItsOwn$")
	h.process.Env = append(os.Environ(), hubEngine+"="+w.engine.Host(), hubFolder+"="+w.o.Folder, hubPort+"="+strconv.Itoa(port),
		hubSite+"="+w.repo.URL, hubImage+"="+image, hubRun+"="+run)
	h.process.Stdout, h.process.Stderr = h.said, h.said
	if _, err := h.process.StdinPipe(); err != nil {
		w.Fatal(err)
	}
	if err := h.process.Start(); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(h.kill)
	w.until("another hub has a folder", func() bool {
		now, _ := filepath.Glob(filepath.Join(filepath.Dir(w.instance.folder), "*"))
		for _, folder := range now {
			if !strings.Contains(strings.Join(before, " "), folder) {
				h.name = filepath.Base(folder)
			}
		}
		return h.name != ""
	})
	w.Cleanup(func() {
		for _, c := range h.containers() {
			_ = w.api.ContainerRemove(context.Background(), c.ID, containertypes.RemoveOptions{Force: true, RemoveVolumes: true})
		}
	})
	return h
}

// says waits until the hub has said a word.
func (h *anotherHub) says(word string) {
	h.w.Helper()
	h.w.until("another hub says "+word, func() bool {
		said, _ := os.ReadFile(h.said.Name())
		return strings.Contains(string(said), word)
	})
}

// kill ends it as a crash does.
func (h *anotherHub) kill() {
	_ = h.process.Process.Kill()
	_ = h.process.Wait()
	h.said.Close()
}

func (h *anotherHub) containers() []docker.Container {
	all, err := h.w.engine.Labelled(context.Background(), map[string]string{labelOwner: h.name})
	if err != nil {
		h.w.Error(err)
	}
	return all
}

func (h *anotherHub) folderIsThere() bool {
	_, err := os.Stat(filepath.Join(filepath.Dir(h.w.instance.folder), h.name))
	return err == nil
}

// recovers recovers, and checks that nothing of the dead hub is left but that many containers.
func (h *anotherHub) recovers(containers int) {
	h.w.Helper()
	if err := h.w.Recover(h.w.Context()); err != nil {
		h.w.Fatal(err)
	}
	if all := h.containers(); len(all) != containers {
		h.w.Errorf("containers are left: %+v", all)
	}
	if h.folderIsThere() {
		h.w.Error("its folder is left")
	}
}

func TestWhatAHubLeftWhenItWasKilledInItsFirstDeployIsRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	h := w.anotherHub("dead", dockertest.Base, sitePort(t))
	h.says(`"line":"asleep"`)
	repo := keptNames + h.name + "-0123456789"
	if err := w.api.ImageTag(t.Context(), dockertest.Base, repo); err != nil {
		t.Fatal(err)
	}
	if err := w.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(h.containers()) != 1 || !h.folderIsThere() {
		t.Error("what a living hub does was touched")
	}
	if _, kept, err := w.engine.ImageID(t.Context(), repo); err != nil || !kept {
		t.Errorf("an image that a living hub keeps was touched: %v", err)
	}
	h.kill()
	h.recovers(0)
	if _, kept, err := w.engine.ImageID(t.Context(), repo); err != nil || kept {
		t.Errorf("an image is kept: %t, %v", kept, err)
	}
}

func TestWhatAHubLeftWhenItWasKilledBesideWhatServesIsRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	first := w.anotherHub("page", dockertest.Base, port)
	first.says(`end {"status":"completed"`)
	first.kill()
	first.recovers(1)
	w.shows(port, "of another hub")
	second := w.anotherHub("dead", dockertest.Base, port)
	second.says(`"line":"asleep"`)
	second.kill()
	second.recovers(0)
	w.shows(port, "of another hub")
	if len(first.containers()) != 1 {
		t.Error("what serves was touched")
	}
}

func TestATakeoverThatAKilledHubLeftIsEnded(t *testing.T) {
	t.Parallel()
	// It does not listen to TERM, so that the takeover waits for it.
	stubborn := builtImage(t, "FROM "+dockertest.Image(t)+"\nSTOPSIGNAL SIGTERM")
	w := newWorld(t, options{})
	port := sitePort(t)
	old := page("old", port)
	old.Image = stubborn
	w.completes(w.runs(old, Probe{}))
	oldID := strings.Fields(w.mine()[0])[1]
	now := 0
	middle := func() (h *anotherHub, final string) {
		h = w.anotherHub("page", dockertest.Base, port)
		other := &instance{name: h.name, folder: filepath.Join(filepath.Dir(w.instance.folder), h.name)}
		w.until("the takeover begins", func() bool {
			for _, c := range h.containers() {
				if other.marked(c.Name) == takeover {
					final = c.ID
				}
			}
			return final != ""
		})
		h.kill()
		if err := w.api.ContainerStop(t.Context(), oldID, containertypes.StopOptions{Timeout: &now}); err != nil {
			t.Fatal(err)
		}
		return h, final
	}
	h, _ := middle()
	h.recovers(0) // the new one never ran: the old one does again
	w.until("it serves", func() bool { return get(port, "") == "old" })
	w.noMarks()

	h, final := middle()
	w.until("the new one runs", func() bool {
		_, err := w.engine.Start(t.Context(), final)
		return err == nil
	})
	h.recovers(1) // it does: the old one goes
	w.until("it serves", func() bool { return get(port, "") == "of another hub" })
	if all := w.mine(); len(all) > 0 {
		t.Errorf("%q", all)
	}
}

func TestWhatIsLeftStaysWhereNoEngineAnswers(t *testing.T) {
	engine, err := docker.New(docker.Options{Host: "unix://" + filepath.Join(t.TempDir(), "none.sock")})
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Options{Tasks: task.New(task.Options{}), Engine: engine, Folder: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dead, err := newInstance(filepath.Dir(r.instance.folder))
	if err != nil {
		t.Fatal(err)
	}
	dead.lock.Close()
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if err := r.Recover(ctx); !errors.Is(err, docker.ErrUnavailable) {
			t.Error(err)
		}
		cancel()
		if _, err := os.Stat(dead.folder); err != nil {
			t.Error(err)
		}
	}
}
